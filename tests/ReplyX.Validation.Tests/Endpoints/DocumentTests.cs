using ReplyX.Validation.Endpoints;
using ReplyX.Validation.Services;

namespace ReplyX.Validation.Tests.Endpoints;

public sealed class DocumentTests(Reality reality)
{
    private const string Page = "docs/websocket/protocol.md";
    private const string Row = "| `/ws/site/dialogs/{id}` | the chat page embedded with a site token | `ws_site_connections` | dialog token |";
    private const string Site = "/ws/site/dialogs/{id}";
    private static readonly EachPathIsDocumented _documented = new();

    private Subject Subject => reality.Subject;

    [Fact]
    public void A_path_that_the_page_does_not_have_is_named() => Assert.Equal(
        $"{Subject.PlaceOf(Page, "## Paths")}: {Site} stands 0 times in this table",
        Assert.Single(Subject.With(Page, Row + "\n", "").Faults(_documented)));

    [Fact]
    public void A_path_that_the_page_has_twice_is_named() => Assert.Equal(
        $"{Subject.PlaceOf(Page, "## Paths")}: {Site} stands 2 times in this table",
        Assert.Single(Subject.With(Page, Row, Row + "\n" + Row).Faults(_documented)));

    [Theory]
    [InlineData("`ws_site_connections`", "`ws_connections`", "the pool of /ws/site/dialogs/{id} is ws_site_connections, not ws_connections")]
    [InlineData("| dialog token", "| operator token", "what opens /ws/site/dialogs/{id} is dialog token, not operator token")]
    [InlineData("| dialog token", "| ", "what opens /ws/site/dialogs/{id} is dialog token, not ")]
    public void A_wrong_pool_or_credential_in_the_page_is_named(string right, string wrong, string message) => Assert.Equal(
        $"{Subject.PlaceOf(Page, Row)}: {message}",
        Assert.Single(Subject.With(Page, Row, Row.Replace(right, wrong, StringComparison.Ordinal)).Faults(_documented)));

    [Fact]
    public void A_path_that_only_the_page_has_is_named()
    {
        var seeded = Subject.With(Page, Row, Row + "\n| `/ws/admin` | an administrator | `ws_connections` | operator token |");

        Assert.Equal($"{seeded.PlaceOf(Page, "/ws/admin")}: /ws/admin is a path that no route has", Assert.Single(seeded.Faults(_documented)));
    }

    [Fact]
    public void So_is_one_that_another_page_has()
    {
        const string Other = "docs/health-check.md";
        var seeded = Subject.With(Other, "`/ws/widget/…`", "`/ws/widgets/…`");

        Assert.Equal($"{seeded.PlaceOf(Other, "/ws/widgets/")}: /ws/widgets/… is a path that no route has", Assert.Single(seeded.Faults(_documented)));
    }

    [Fact]
    public void History_may_name_what_is_no_more() =>
        Assert.Empty(Subject.With("docs/adr/0000-seeded.md", "There was `/ws/chat/{id}`.").Faults(_documented));

    [Fact]
    public void A_path_that_several_credentials_open_is_named() => Assert.Equal(
        $"{Subject.PlaceOf(Page, Row)}: what opens {Site} is dialog token or operator token, not dialog token",
        Assert.Single(Subject.WithRow(Site, row => row with { Opens = [.. row.Opens, Credentials.OperatorToken] }).Faults(_documented)));

    [Fact]
    public void A_page_without_the_table_and_no_page_at_all_are_named()
    {
        Assert.StartsWith($"{Page}: has no table", Assert.Single(Subject.With(Page, "## Paths", "## Routes").Faults(_documented)), StringComparison.Ordinal);
        Assert.StartsWith($"{Page}: is missing", Assert.Single(Subject.With(Page, null).Faults(_documented)), StringComparison.Ordinal);
    }
}
