namespace ReplyX.LocalHosting.Model;

internal static class VariableName
{
    /// <summary>Turns a resource's name into the stem of a variable's: <c>my-redis</c> becomes <c>MY_REDIS</c>.</summary>
    public static string Encode(string name)
    {
        var text = string.Concat(name.Select(c => char.IsAsciiLetterOrDigit(c) ? char.ToUpperInvariant(c) : '_'));
        return char.IsAsciiDigit(text[0]) ? "_" + text : text;
    }
}
