using System.Diagnostics.CodeAnalysis;

namespace ReplyX.Api.Operators;

/// <summary>What operators may be called and sign in with.</summary>
internal static class OperatorFields
{
    public const int MaxNameLength = 100;

    /// <summary>The longest address that e-mail allows (RFC 5321).</summary>
    public const int MaxLoginLength = 254;

    public const int MinPasswordLength = 8;

    /// <summary>A bound on what is hashed.</summary>
    public const int MaxPasswordLength = 256;

    /// <returns>The problem with a name, or null.</returns>
    public static Problem? CheckName([NotNull] ref string? name, string field = "name")
    {
        name = name?.Trim() ?? "";
        return name.Length is > 0 and <= MaxNameLength && !name.Any(char.IsControl)
            ? null
            : Problem.Member(field, $"It is needed: 1 to {MaxNameLength} characters without control characters.");
    }

    /// <returns>The problem with a login that somebody is to have, or null.</returns>
    public static Problem? CheckLogin([NotNull] ref string? login)
    {
        // With a dot at its end a domain is the same one (RFC 1034 section 3.1).
        login = login?.Trim().ToLowerInvariant().TrimEnd('.') ?? "";
        return login.Length is > 0 and <= MaxLoginLength && !login.Any(c => char.IsControl(c) || char.IsWhiteSpace(c))
            ? null
            : Problem.Member("login", $"It is needed: 1 to {MaxLoginLength} characters without spaces.");
    }

    /// <returns>The problem with a password that somebody is to have, or null.</returns>
    public static Problem? CheckPassword([NotNull] ref string? password, string login, string field)
    {
        password ??= "";
        return password.Length is < MinPasswordLength or > MaxPasswordLength
            ? Problem.Member(field, $"It is needed: {MinPasswordLength} to {MaxPasswordLength} characters.")
            : string.Equals(password, login, StringComparison.OrdinalIgnoreCase) ? Problem.Member(field, "It may not be the login.")
            : null;
    }
}
