using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net.Mail;
using System.Text.RegularExpressions;
using ReplyX.Messaging.Dialogs;

namespace ReplyX.Api.Dialogs;

/// <summary>Checks what visitors say of themselves and where they are, all of which operators are shown.</summary>
internal static partial class VisitorNoteReader
{
    private const int MaxNameLength = 100;

    // The longest address that e-mail allows (RFC 5321).
    private const int MaxEmailLength = 254;

    // The longest that RFC 5646 recommends to make room for.
    private const int MaxLocaleLength = 35;
    private const int MaxUrlLength = 2_000;
    private const int MaxTitleLength = 500;
    private const int MaxUserAgentLength = 512;

    /// <summary>What a start says of its visitor.</summary>
    public static (VisitorNote Note, Problem? Problem) Read(IStartDialog start, HttpRequest request)
    {
        var (visitor, problem) = start.Visitor is null ? (new VisitorNote(), null) : Read(start.Visitor, "visitor.");
        var note = visitor with { UserAgent = ReadUserAgent(request) };
        if (problem is not null || start is { Page: null, Locale: null })
        {
            return (note, problem);
        }

        if (start.Locale is { } locale && !(locale.Length <= MaxLocaleLength && Locale().IsMatch(locale)))
        {
            return (note, Problem.Member("locale", "A language tag, such as en or pt-BR."));
        }

        note = note with { Locale = start.Locale };
        if (start.Page is null)
        {
            return (note, null);
        }

        (var page, problem) = Read(start.Page, "page.");
        return (note with { Page = page }, problem);
    }

    /// <summary>What a visitor says of themselves.</summary>
    /// <param name="fields">The members.</param>
    /// <param name="path">What stands before their names in a problem.</param>
    public static (VisitorNote Note, Problem? Problem) Read(VisitorFields fields, string path = "")
    {
        var note = new VisitorNote { Name = fields.Name?.Trim(), Email = fields.Email?.Trim() };
        return note.Name is { } name && !IsText(name, MaxNameLength)
                ? (note, Problem.Member($"{path}name", $"At most {MaxNameLength} characters, and none that cannot be seen."))
            : note.Email is { Length: > 0 } email && !IsEmail(email)
                ? (note, Problem.Member($"{path}email", $"An e-mail address of at most {MaxEmailLength} characters."))
            : (note, null);
    }

    /// <summary>The page that a visitor is on.</summary>
    /// <param name="fields">The members.</param>
    /// <param name="path">What stands before their names in a problem.</param>
    public static (VisitorPage? Page, Problem? Problem) Read(PageFields fields, string path = "")
    {
        if (!TryReadUrl(fields.Url, out var url))
        {
            return (null, Problem.Member($"{path}url", $"An http or https address of at most {MaxUrlLength} characters."));
        }

        var title = fields.Title?.Trim();
        if (title is not null && !IsText(title, MaxTitleLength))
        {
            return (null, Problem.Member($"{path}title", $"At most {MaxTitleLength} characters, and none that cannot be seen."));
        }

        // Pages are also come to from apps (android-app://…) and from nowhere.
        var referrer = TryReadUrl(fields.Referrer, out var from) ? from : null;
        return (new VisitorPage(url, string.IsNullOrEmpty(title) ? null : title, referrer), null);
    }

    private static string? ReadUserAgent(HttpRequest request)
    {
        var text = request.Headers.UserAgent.ToString();
        var shown = new string([.. text.Take(MaxUserAgentLength).Where(character => character is >= ' ' and <= '~')]).Trim();
        return shown.Length == 0 ? null : shown;
    }

    // What follows the # and stands before the @ is the page's own business: it may be a secret.
    private static bool TryReadUrl(string? text, [NotNullWhen(true)] out string? url)
    {
        url = null;
        if (text is null
            || text.Length > MaxUrlLength
            || !Uri.TryCreate(text, UriKind.Absolute, out var parsed)
            || parsed.Scheme is not ("http" or "https")
            || parsed.Host.Length == 0)
        {
            return false;
        }

        // Escaped, as browsers write it themselves, it may be nine times as long.
        var escaped = parsed.GetComponents(UriComponents.SchemeAndServer | UriComponents.PathAndQuery, UriFormat.UriEscaped);
        if (escaped.Length > MaxUrlLength)
        {
            return false;
        }

        url = escaped;
        return true;
    }

    private static bool IsEmail(string text) =>
        text.Length <= MaxEmailLength
        && MailAddress.TryCreate(text, out var address)
        && address.Address == text
        && IsText(text, MaxEmailLength)
        && !text.AsSpan().ContainsAny(" \"<>");

    // No control characters and nothing that reverses the order of what is read: a name is shown beside others' words.
    private static bool IsText(string text, int most) =>
        text.Length <= most && !text.Any(character =>
            char.GetUnicodeCategory(character) is UnicodeCategory.Control or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator
            || character is (>= '\u202A' and <= '\u202E') or (>= '\u2066' and <= '\u2069'));

    [GeneratedRegex("\\A[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*\\z")]
    private static partial Regex Locale();
}
