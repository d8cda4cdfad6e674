using Spectre.Console;

namespace ReplyX.LocalHosting.Console;

/// <summary>The terminal: the lines of every resource, each with the resource's name, and the engine's own messages.</summary>
internal sealed class ResourceConsole
{
    // Colours that are readable on light and on dark backgrounds.
    private static readonly int[] _palette = [36, 33, 35, 32, 34, 96, 93, 95];

    private readonly Lock _lock = new();
    private readonly Dictionary<string, int> _colours = [];
    private readonly bool _silent;
    private readonly bool _coloured;
    private int _width = 10;

    private ResourceConsole(bool silent)
    {
        _silent = silent;
        _coloured = !silent && !System.Console.IsOutputRedirected && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR"));
    }

    public static ResourceConsole ForTerminal() => new(silent: false);

    public static ResourceConsole Silent() => new(silent: true);

    public void WriteResourceLine(string id, string line)
    {
        if (_silent)
        {
            return;
        }

        lock (_lock)
        {
            if (!_colours.TryGetValue(id, out var colour))
            {
                _colours[id] = colour = _palette[_colours.Count % _palette.Length];
                _width = Math.Max(_width, id.Length);
            }

            var prefix = $"{id.PadRight(_width)} |";
            System.Console.Out.WriteLine(_coloured ? $"\e[{colour}m{prefix}\e[0m {line}" : $"{prefix} {line}");
        }
    }

    public void WriteLine(string line)
    {
        if (!_silent)
        {
            lock (_lock)
            {
                System.Console.Out.WriteLine(line);
            }
        }
    }

    public void WriteError(string line)
    {
        if (!_silent)
        {
            lock (_lock)
            {
                System.Console.Error.WriteLine(line);
            }
        }
    }

    public void WriteTable(IEnumerable<(string Resource, string State, string Url)> rows)
    {
        if (_silent)
        {
            return;
        }

        var table = new Table().Border(TableBorder.Rounded).AddColumns("Resource", "State", "URL");
        foreach (var (resource, state, url) in rows)
        {
            table.AddRow(Markup.Escape(resource), Markup.Escape(state), Markup.Escape(url));
        }

        lock (_lock)
        {
            // Redirected output has no width, and Spectre would fold addresses at 80 columns.
            if (System.Console.IsOutputRedirected)
            {
                AnsiConsole.Profile.Width = 160;
            }

            AnsiConsole.Write(table);
        }
    }
}
