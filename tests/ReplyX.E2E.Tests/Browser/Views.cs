using Microsoft.Playwright;
using ReplyX.Testing;

namespace ReplyX.E2E.Tests.Browser;

/// <summary>How pages are looked at where each look takes long: every width, language and theme once, and with REPLYX_LONG_TESTS=1 every two of them together.</summary>
public static class Views
{
    private static readonly (int Width, string Locale, ColorScheme Colors)[] _all =
    [
        (1440, "en-GB", ColorScheme.Dark),
        (375, "ru-RU", ColorScheme.Light),
        .. LongTests.AreOn
            ? [(1440, "ru-RU", ColorScheme.Dark), (1440, "en-GB", ColorScheme.Light), (375, "en-GB", ColorScheme.Dark), (375, "ru-RU", ColorScheme.Dark)]
            : Array.Empty<(int, string, ColorScheme)>(),
    ];

    public static TheoryData<int, string, ColorScheme> All => [.. _all];

    /// <summary>The same of a page that has one width.</summary>
    public static TheoryData<string, ColorScheme> OfOneWidth => [.. _all.Select(view => (view.Locale, view.Colors)).Distinct()];
}
