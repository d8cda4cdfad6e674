using System.Text.RegularExpressions;
using ReplyX.Docs.Tests.Pages;

namespace ReplyX.Docs.Tests;

public sealed partial class ChangelogTests
{
    private static readonly string[] _kinds = ["Added", "Changed", "Deprecated", "Removed", "Fixed", "Security"];

    [Fact]
    public void Its_days_are_in_order_and_its_kinds_are_those_of_Keep_a_Changelog()
    {
        var headings = Page.Read("docs/websocket/CHANGELOG.md").Headings.Where(heading => heading.Level > 1)
            .Select(heading => (heading.Level, Text: Page.TextOf(heading)))
            .ToList();
        var sections = headings.Where(heading => heading.Level == 2).Select(heading => heading.Text).ToList();

        Assert.Equal("Unreleased", sections[0]);
        Assert.True(sections.Count > 1, "There is nothing but what is unreleased.");
        Assert.All(sections[1..], section => Assert.Matches(Section(), section));
        var days = sections[1..].ConvertAll(section => section[^10..]);
        Assert.Equal(days.OrderDescending(StringComparer.Ordinal), days);
        Assert.All(headings.Where(heading => heading.Level > 2), heading => Assert.Contains(heading.Text, _kinds));
    }

    // A day, with the version before it once there is one.
    [GeneratedRegex(@"^(?:\[?\d+\.\d+\.\d+\]? - )?\d{4}-\d{2}-\d{2}$")]
    private static partial Regex Section();
}
