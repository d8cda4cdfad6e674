using System.Collections.Frozen;

namespace ReplyX.Api.Assistant.Clients;

/// <summary>
/// Takes a sentence apart into the stems of its words, for English and Russian by a few rules about endings: enough to see that
/// "deliveries" and "delivery", or «доставку» and «доставка», are one. Words of other languages stay as they are.
/// </summary>
internal static class Words
{
    private const int ShortestStem = 3;

    // Above it nobody mistypes a word: it is none.
    private const int LongestMistyped = 40;

    // Words that every question has.
    private static readonly FrozenSet<string> _empty = (
        "a an the is are am was were be been do does did can could would will shall should may might i you your yours my me mine we us our it its "
        + "this that these those there here of to for from in on at by with and or but if so as how what when where which who whom why whether please "
        + "tell about have has had get got any some just need want like know let take takes s t m re ve ll d ok okay "
        + "и в во на с со по о об а но что чтобы как где когда какой какая какое какие каков каковы который сколько ли у вас вам вы ваш ваша ваши мне "
        + "мой моя мои меня я мы нас нам это этот эта эти есть для до от из за же бы пожалуйста подскажите скажите можно могу можете хочу хотел хотела "
        + "нужно надо если то так еще уже ну да нет").Split(' ').ToFrozenSet(StringComparer.Ordinal);

    private static readonly FrozenSet<string> _greetings = (
        "hi hello hey greetings morning evening afternoon day good привет здравствуйте здравствуй добрый доброе день вечер утро приветствую").Split(' ')
        .ToFrozenSet(StringComparer.Ordinal);

    private static readonly string[] _russianEndings =
        [.. ("иями ями ами ого его ому ему ыми ими ией ешь ишь ить ать ять еть уть ете ите ает яет ают яют ов ев ей ам ям ах ях ой ый ий ая яя ое ее "
            + "ую юю ые ие ут ют ат ят ет ит им ем ом ал ла ло ли ть а я о е и ы у ю ь й").Split(' ').OrderByDescending(ending => ending.Length)];

    /// <summary>All words, in lower case.</summary>
    public static List<string> Split(string text)
    {
        List<string> words = [];
        var start = -1;
        for (var i = 0; i <= text.Length; i++)
        {
            if (i < text.Length && char.IsLetterOrDigit(text[i]))
            {
                start = start < 0 ? i : start;
            }
            else if (start >= 0)
            {
                words.Add(text[start..i].ToLowerInvariant().Replace('ё', 'е'));
                start = -1;
            }
        }

        return words;
    }

    /// <summary>The stems of the words that say something, each once, in their order.</summary>
    public static List<string> Stems(string text) =>
        [.. Split(text).Where(word => !_empty.Contains(word) && !_greetings.Contains(word)).Select(Stem).Distinct()];

    /// <summary>Whether a text greets and says nothing else.</summary>
    public static bool IsGreeting(string text) =>
        Split(text) is { Count: > 0 } words && words.Exists(_greetings.Contains) && words.TrueForAll(word => _greetings.Contains(word) || _empty.Contains(word));

    public static string Stem(string word) => word.Length <= ShortestStem ? word
        : word[0] is >= '\u0400' and <= '\u04ff' ? StemRussian(word)
        : StemEnglish(word);

    /// <summary>How alike two stems are, from 0 to 1: the same, of one root, or mistyped.</summary>
    public static double Likeness(string first, string second)
    {
        if (first == second)
        {
            return 1;
        }

        if (first.Length > LongestMistyped || second.Length > LongestMistyped)
        {
            return 0;
        }

        var (shorter, longer) = first.Length <= second.Length ? (first, second) : (second, first);
        var common = 0;
        while (common < shorter.Length && shorter[common] == longer[common])
        {
            common++;
        }

        if (common >= 5 && common >= 0.7 * longer.Length)
        {
            return 0.85;
        }

        var allowed = shorter.Length >= 9 ? 2 : shorter.Length >= 5 ? 1 : 0;
        return allowed > 0 && Distance(shorter, longer, allowed) <= allowed ? 0.8 : 0;
    }

    private static string StemEnglish(string word)
    {
        var stem = word switch
        {
            [.. var root, 'i', 'e', 's'] when root.Length >= 2 => root + "y",
            [.., 's', 's'] => word,
            [.. var root, 's'] => root,
            _ => word,
        };
        stem = stem switch
        {
            [.. var root, 'm', 'e', 'n', 't'] when root.Length >= ShortestStem => Undouble(root),
            [.. var root, 'i', 'n', 'g'] when root.Length >= ShortestStem => Undouble(root),
            [.. var root, 'e', 'd'] when root.Length >= ShortestStem => Undouble(root),
            [.. var root, 'y' or 'e'] when root.Length >= ShortestStem => root,
            _ => stem,
        };
        return stem;
    }

    // shipp(ing) is ship, but pass(ing) is pass.
    private static string Undouble(string root) => root is [.., var before, var last] && before == last && last is not ('s' or 'l') ? root[..^1] : root;

    private static string StemRussian(string word)
    {
        foreach (var ending in _russianEndings)
        {
            if (word.Length - ending.Length >= ShortestStem && word.EndsWith(ending, StringComparison.Ordinal))
            {
                return word[..^ending.Length];
            }
        }

        return word;
    }

    // Insertions, deletions, replacements, and two letters swapped; gives up above what is allowed.
    private static int Distance(string shorter, string longer, int allowed)
    {
        if (longer.Length - shorter.Length > allowed)
        {
            return allowed + 1;
        }

        var beforeLast = new int[shorter.Length + 1];
        var last = new int[shorter.Length + 1];
        var row = new int[shorter.Length + 1];
        for (var j = 0; j <= shorter.Length; j++)
        {
            last[j] = j;
        }

        for (var i = 1; i <= longer.Length; i++)
        {
            // Only near the diagonal can it be what is allowed.
            Array.Fill(row, allowed + 1);
            row[0] = i;
            var least = allowed + 1;
            for (var j = Math.Max(1, i - allowed); j <= Math.Min(shorter.Length, i + allowed); j++)
            {
                var cost = longer[i - 1] == shorter[j - 1] ? 0 : 1;
                row[j] = Math.Min(Math.Min(last[j], row[j - 1]) + 1, last[j - 1] + cost);
                if (i > 1 && j > 1 && longer[i - 1] == shorter[j - 2] && longer[i - 2] == shorter[j - 1])
                {
                    row[j] = Math.Min(row[j], beforeLast[j - 2] + 1);
                }

                least = Math.Min(least, row[j]);
            }

            if (Math.Min(least, row[0]) > allowed)
            {
                return allowed + 1;
            }

            (beforeLast, last, row) = (last, row, beforeLast);
        }

        return last[shorter.Length];
    }
}
