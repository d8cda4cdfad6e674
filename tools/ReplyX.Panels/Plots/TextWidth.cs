namespace ReplyX.Panels.Plots;

/// <summary>
/// About how wide a text will be. Which font shows it is not known here, so the widths lie between Arial's and those of DejaVu Sans,
/// which is wider; the paddings take up the rest.
/// </summary>
internal static class TextWidth
{
    private const string Narrow = "iljtf.,:;'|!()[]{} ";
    private const string Wide = "mwMWQO%@—…";

    public static double Of(string text, double size = Theme.TextSize)
        => size * text.Sum(letter => Narrow.Contains(letter, StringComparison.Ordinal) ? 0.31 : Wide.Contains(letter, StringComparison.Ordinal) ? 0.88 : char.IsUpper(letter) ? 0.68 : letter > 0x2e80 ? 1 : 0.56);

    /// <summary>The text, or as much of it as there is room for.</summary>
    public static string Cut(string text, double room, double size = Theme.TextSize)
    {
        if (Of(text, size) <= room)
        {
            return text;
        }

        var length = text.Length;
        while (length > 1 && Of(text[..length] + "…", size) > room)
        {
            length--;
        }

        return text[..(char.IsHighSurrogate(text[length - 1]) ? length - 1 : length)].TrimEnd() + "…";
    }

    /// <summary>Lines that fit.</summary>
    public static IReadOnlyList<string> Wrap(string text, double room, double size = Theme.TextSize)
    {
        var lines = new List<string>();
        foreach (var paragraph in text.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            var line = "";
            foreach (var word in paragraph.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            {
                if (line.Length > 0 && Of($"{line} {word}", size) > room)
                {
                    lines.Add(line);
                    line = "";
                }

                line = line.Length == 0 ? Cut(word, room, size) : $"{line} {word}";
            }

            lines.Add(line);
        }

        return lines;
    }
}
