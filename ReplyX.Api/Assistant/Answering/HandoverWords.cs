using System.Collections.Frozen;
using ReplyX.Api.Assistant.Clients;

namespace ReplyX.Api.Assistant.Answering;

/// <summary>Sees whether a visitor asks for a human.</summary>
internal static class HandoverWords
{
    // So few words, of which one is a person's, ask for that person.
    private const int MostWords = 2;

    private static readonly FrozenSet<string> _persons = Stems(
        "human humans operator agent person manager representative somebody someone оператор оператора человек человека человеком менеджер менеджера "
        + "консультант консультанта сотрудник сотрудника специалист специалиста живой живого");

    private static readonly FrozenSet<string> _wishes = Stems(
        "talk speak chat connect transfer switch call contact bring real live позовите позови позвать соедините соедини переключите переключи поговорить "
        + "пообщаться связаться свяжите пригласите нужен дайте зовите вызовите");

    /// <param name="text">What the visitor wrote.</param>
    /// <param name="ofSite">The site's own words and phrases for it.</param>
    public static bool AreIn(string text, IReadOnlyList<string> ofSite)
    {
        var stems = Words.Stems(text);
        return (stems.Exists(_persons.Contains) && (stems.Count <= MostWords || stems.Exists(_wishes.Contains)))
            || ofSite.Any(phrase => Contains(Words.Split(text), Words.Split(phrase)));
    }

    private static bool Contains(List<string> words, List<string> phrase)
    {
        for (var at = 0; phrase.Count > 0 && at + phrase.Count <= words.Count; at++)
        {
            var length = 0;
            while (length < phrase.Count && Words.Stem(words[at + length]) == Words.Stem(phrase[length]))
            {
                length++;
            }

            if (length == phrase.Count)
            {
                return true;
            }
        }

        return false;
    }

    private static FrozenSet<string> Stems(string words) => words.Split(' ').Select(Words.Stem).ToFrozenSet(StringComparer.Ordinal);
}
