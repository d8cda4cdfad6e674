using System.Globalization;
using System.Text;

namespace ReplyX.Testing;

/// <summary>What everybody on the machine can read: the arguments of its processes.</summary>
public static class ProcessArguments
{
    /// <summary>Which of the texts stand in some process's arguments now.</summary>
    public static IReadOnlyList<string> Find(IEnumerable<string> texts)
    {
        var all = new StringBuilder();
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(folder), CultureInfo.InvariantCulture, out _))
            {
                try
                {
                    all.Append(File.ReadAllText(Path.Combine(folder, "cmdline"))).Append('\n');
                }
                catch (Exception e) when (e is IOException or UnauthorizedAccessException)
                {
                    // It has ended.
                }
            }
        }

        var arguments = all.ToString();
        return [.. texts.Where(text => arguments.Contains(text, StringComparison.Ordinal))];
    }
}
