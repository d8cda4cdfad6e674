using System.Text.Json;

namespace ReplyX.Panels.Dashboards;

/// <summary>The folder of dashboards.</summary>
internal static class DashboardFiles
{
    private static readonly string _ofRepository = Path.Combine("observability", "grafana", "dashboards");

    // The one that people open first comes first; the rest by name.
    private const string First = "overview";

    /// <summary>Reads the dashboards that are named, or all.</summary>
    public static IReadOnlyList<DashboardFile> Read(string? folder, IReadOnlyList<string> names)
    {
        folder ??= Find();
        if (!Directory.Exists(folder))
        {
            throw new DashboardException($"{folder}: no such folder");
        }

        var files = Directory.GetFiles(folder, "*.json").ToDictionary(file => Path.GetFileNameWithoutExtension(file));
        if (names.FirstOrDefault(name => !files.ContainsKey(name)) is { } missing)
        {
            throw new DashboardException($"--dashboard {missing}: there is none of this name, but {string.Join(", ", files.Keys.Order())}");
        }

        if (files.Count == 0)
        {
            throw new DashboardException($"{folder}: holds no dashboards");
        }

        var chosen = names.Count > 0 ? names.Distinct() : files.Keys.OrderBy(name => name != First).ThenBy(name => name, StringComparer.Ordinal);
        return [.. chosen.Select(name => new DashboardFile(name, Read(files[name])))];
    }

    private static GrafanaDashboard Read(string file)
    {
        try
        {
            using var stream = File.OpenRead(file);
            return JsonSerializer.Deserialize(stream, DashboardJson.Default.GrafanaDashboard) ?? throw new DashboardException($"{file}: is empty");
        }
        catch (JsonException e)
        {
            throw new DashboardException($"{file}: {e.Message}");
        }
    }

    /// <summary>The tool is run from anywhere in the repository, or lies built in it.</summary>
    private static string Find()
    {
        string[] starts = [Environment.CurrentDirectory, AppContext.BaseDirectory];
        return starts.SelectMany(Parents).Select(folder => Path.Combine(folder, _ofRepository)).FirstOrDefault(Directory.Exists)
            ?? throw new DashboardException($"no {_ofRepository} here or above; name one by --dashboards");
    }

    private static IEnumerable<string> Parents(string folder)
    {
        for (var parent = new DirectoryInfo(folder); parent is not null; parent = parent.Parent)
        {
            yield return parent.FullName;
        }
    }
}
