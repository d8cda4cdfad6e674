namespace ReplyX.Api.Assistant.Answering;

/// <summary>The languages of the sentences that ReplyX itself says.</summary>
internal enum VisitorLanguage
{
    English,
    Russian,
}

internal static class VisitorLanguages
{
    /// <summary>The language of the latest text that has one.</summary>
    /// <param name="texts">What the visitor wrote, the latest first.</param>
    public static VisitorLanguage Detect(params IEnumerable<string> texts)
    {
        foreach (var text in texts)
        {
            var cyrillic = text.Count(character => character is >= '\u0400' and <= '\u04ff');
            var latin = text.Count(char.IsAsciiLetter);
            if (cyrillic + latin > 0)
            {
                return cyrillic >= latin ? VisitorLanguage.Russian : VisitorLanguage.English;
            }
        }

        return VisitorLanguage.English;
    }
}
