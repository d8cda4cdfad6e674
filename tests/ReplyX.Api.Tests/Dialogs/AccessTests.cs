using ReplyX.Messaging.Dialogs;
using ReplyX.Messaging.Streams;
using ReplyX.Messaging.Tokens;

namespace ReplyX.Api.Tests.Dialogs;

public sealed class AccessTests(SharedServers servers) : ApiTest(servers)
{
    [Fact]
    public async Task A_foreign_dialog_looks_like_one_that_does_not_exist()
    {
        var account = await NewAccountAsync();
        var (own, foreign) = (await account.OpenWidgetAsync(), await account.OpenWidgetAsync());
        var other = await NewAccountAsync();
        var stranger = await other.OperatorAsync();

        foreach (var suffix in (string[])["messages", "handoff/status"])
        {
            var path = suffix == "messages" ? "/api/widget/dialogs" : "/api/dialogs";
            var theirs = await account.Api.GetAsync($"{path}/{foreign.Id}/{suffix}", own.Token);
            var nobodys = await account.Api.GetAsync($"{path}/4503599627370497/{suffix}", own.Token);
            theirs.IsProblem(404, "dialog_not_found");
            Assert.Equal(WithoutTrace(nobodys), WithoutTrace(theirs));
        }

        (await account.Api.GetAsync($"{own.OperatorPath}/messages", stranger)).IsProblem(404, "dialog_not_found");
        (await account.Api.PostAsync($"{own.OperatorPath}/messages", new { text = "x", client_id = "1" }, stranger)).IsProblem(404, "dialog_not_found");
        (await account.Api.PostAsync($"{own.OperatorPath}/handoff/request", null, stranger)).IsProblem(404, "dialog_not_found");
        (await account.Api.PostAsync($"{foreign.Path}/messages", new { text = "x", client_id = "1" }, own.Token)).IsProblem(404, "dialog_not_found");
    }

    [Fact]
    public async Task The_path_s_mode_has_to_be_the_dialog_s()
    {
        var account = await NewAccountAsync();
        var (widget, site) = (await account.OpenWidgetAsync(), await account.OpenSiteAsync());

        (await account.Api.GetAsync($"/api/site/dialogs/{widget.Id}/messages", widget.Token)).IsProblem(404, "dialog_not_found");
        (await account.Api.GetAsync($"/api/widget/dialogs/{site.Id}/messages", site.Token)).IsProblem(404, "dialog_not_found");
        var message = new { text = "hello", client_id = "1" };
        (await account.Api.PostAsync($"/api/site/dialogs/{widget.Id}/messages", message, widget.Token)).IsProblem(404, "dialog_not_found");
        (await account.Api.PostAsync($"/api/widget/dialogs/{site.Id}/messages", message, site.Token)).IsProblem(404, "dialog_not_found");
        (await account.Api.PostAsync($"/api/widget/dialogs/{site.Id}/messages", message, widget.Token)).IsProblem(404, "dialog_not_found");
    }

    [Fact]
    public async Task The_token_s_guest_has_to_be_the_dialog_s()
    {
        var account = await NewAccountAsync();
        var dialog = await account.OpenWidgetAsync();
        var claims = new DialogClaims(StreamKey.ForDialog(account.Id, dialog.Id), account.Site.Id, DialogMode.Widget, "somebody-else");
        var token = account.Api.Tokens.Issue(claims).Token;

        (await account.Api.GetAsync($"{dialog.Path}/messages", token)).IsProblem(404, "dialog_not_found");
        (await account.Api.PostAsync($"{dialog.Path}/messages", new { text = "hello", client_id = "1" }, token)).IsProblem(404, "dialog_not_found");
        (await account.Api.GetAsync($"{dialog.OperatorPath}/handoff/status", token)).IsProblem(404, "dialog_not_found");
    }

    [Theory]
    [InlineData("abc")]
    [InlineData("0")]
    [InlineData("-1")]
    [InlineData("007")]
    [InlineData("1.5")]
    [InlineData("9007199254740992")]
    [InlineData("99999999999999999999")]
    [InlineData("%F0%9F%98%80")]
    public async Task An_id_that_is_none_is_a_dialog_that_does_not_exist(string id)
    {
        var account = await NewAccountAsync();
        var dialog = await account.OpenWidgetAsync();
        var person = await account.OperatorAsync();

        (await account.Api.GetAsync($"/api/widget/dialogs/{id}/messages", dialog.Token)).IsProblem(404, "dialog_not_found");
        (await account.Api.GetAsync($"/api/dialogs/{id}/messages", person)).IsProblem(404, "dialog_not_found");
        (await account.Api.PostAsync($"/api/dialogs/{id}/handoff/takeover", null, person)).IsProblem(404, "dialog_not_found");
    }

    private static string WithoutTrace(Answer answer) =>
        answer.Text.Replace(answer.Json.GetProperty("trace_id").GetString()!, "", StringComparison.Ordinal);
}
