using ReplyX.Panels.Dashboards;
using ReplyX.Panels.Pages;
using ReplyX.Panels.Queries;

namespace ReplyX.Panels;

/// <summary>The whole tool: from a command line to files and an exit code.</summary>
internal sealed class PanelsCommand(TextWriter output, TextWriter errors, TimeProvider time)
{
    public const int Good = 0;
    public const int Failed = 1;
    public const int BadUsage = 64;

    public async Task<int> RunAsync(string[] arguments, CancellationToken cancellation)
    {
        var (options, error) = PanelsOptions.Parse(arguments);
        if (options is null)
        {
            return Refuse(error);
        }

        if (options.IsHelp)
        {
            output.WriteLine(PanelsOptions.Usage);
            return Good;
        }

        try
        {
            var dashboards = DashboardFiles.Read(options.Folder, options.Dashboards);
            var unknown = options.Variables.Keys.FirstOrDefault(name => !dashboards.Any(file => file.Dashboard.Variables.Any(variable => variable.Name == name)));
            return unknown is null ? await DrawAsync(options, dashboards, cancellation) : Refuse($"--var {unknown}: no dashboard has such a variable");
        }
        catch (DashboardException e)
        {
            return Refuse(e.Message);
        }
        catch (PrometheusUnreachableException e)
        {
            errors.WriteLine($"ReplyX.Panels: {e.Message}");
            return Failed;
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            errors.WriteLine("Stopped.");
            return Failed;
        }
    }

    private async Task<int> DrawAsync(PanelsOptions options, IReadOnlyList<DashboardFile> dashboards, CancellationToken cancellation)
    {
        using var http = PrometheusClient.Connect(options.Prometheus);
        using var reader = new DashboardReader(new PrometheusClient(http), options, time.GetUtcNow());
        var views = new List<DashboardView>();
        var failures = 0;
        foreach (var file in dashboards)
        {
            var view = await reader.ReadAsync(file, cancellation);
            views.Add(view);
            output.WriteLine($"{view.Name}: {view.Panels.Count} panels, {view.Range}");
            foreach (var note in view.Panels.SelectMany(panel => panel.Notes.Select(note => $"{panel.Title}: {note}")))
            {
                output.WriteLine($"  {note}");
            }

            foreach (var failure in view.Panels.SelectMany(panel => panel.Errors.Select(error => $"panel \"{panel.Title}\", {error}")).Concat(view.Errors))
            {
                failures++;
                errors.WriteLine($"ReplyX.Panels: {view.Name}, {failure}");
            }
        }

        foreach (var path in OutputFiles.Write(options, views, time.GetUtcNow()))
        {
            output.WriteLine($"written to {Path.GetRelativePath(Environment.CurrentDirectory, path)}");
        }

        return failures == 0 ? Good : Failed;
    }

    private int Refuse(string? why)
    {
        errors.WriteLine($"ReplyX.Panels: {why}\n{PanelsOptions.Usage}");
        return BadUsage;
    }
}
