using System.Text;

namespace ReplyX.Recorder.Traffic;

/// <summary>Makes texts: most short, some long, with characters that JSON, UTF-8 or UTF-16 may get wrong.</summary>
internal static class Texts
{
    private static readonly string[] _words =
    [
        "order", "парковка", "👩‍👩‍👧‍👦", "\"quoted\"", "back\\slash", "line\nbreak", "tab\there", "naïve", "日本語", "\u202eabc\u202c", "a&b<c>", "🚲", "\u0001", "e\u0301", "__ping__",
    ];

    public static string Next(Random random, string key)
    {
        var text = new StringBuilder(key);
        var words = random.Next(20) == 0 ? random.Next(200, 500) : random.Next(1, 25);
        for (var i = 0; i < words; i++)
        {
            text.Append(' ').Append(_words[random.Next(_words.Length)]);
        }

        return text.ToString();
    }
}
