using System.Net;
using System.Text;
using Microsoft.Extensions.Time.Testing;
using ReplyX.Messaging.Dialogs;
using ReplyX.Messaging.Streams;
using ReplyX.Messaging.Tokens;

namespace ReplyX.Api.Tests.Problems;

public sealed class TokenTests(SharedServers servers) : ApiTest(servers)
{
    [Fact]
    public async Task Missing_forged_expired_and_swapped_are_told_apart()
    {
        var account = await NewAccountAsync();
        var dialog = await account.OpenWidgetAsync();
        var past = TestApi.TokensAt(new FakeTimeProvider(DateTimeOffset.UtcNow.AddHours(-2)));
        var claims = new DialogClaims(StreamKey.ForDialog(account.Id, dialog.Id), account.Site.Id, DialogMode.Widget, "g");
        var parts = dialog.Token.Split('.');
        var unsigned = $"{Encode("""{"alg":"none","typ":"replyx-dialog+jwt"}""")}.{parts[1]}.";

        var missing = (await dialog.Account.Api.GetAsync($"{dialog.Path}/messages")).IsProblem(401, "token_missing");
        Assert.Equal("Bearer realm=\"replyx\"", missing.Headers.WwwAuthenticate.Single().ToString());
        var expired = (await account.Api.GetAsync($"{dialog.Path}/messages", past.Issue(claims).Token)).IsProblem(401, "token_expired");
        Assert.Contains("error=\"invalid_token\"", expired.Headers.WwwAuthenticate.Single().ToString(), StringComparison.Ordinal);
        foreach (var bad in (string[])[
            $"{parts[0]}.{parts[1]}.{new string('A', 43)}",
            $"{parts[0]}.{Encode("""{"iss":"replyx","sub":"x","exp":9999999999}""")}.{parts[2]}",
            unsigned, "x", "a.b.c", new string('x', 10_000), account.SiteToken, dialog.GuestToken, await account.OperatorAsync()])
        {
            (await account.Api.GetAsync($"{dialog.Path}/messages", bad)).IsProblem(401, "token_invalid");
        }

        // And each of the others where it does not belong.
        foreach (var swapped in (string[])[dialog.Token, dialog.GuestToken, account.SiteToken])
        {
            (await account.Api.GetAsync("/api/dialogs", swapped)).IsProblem(401, "token_invalid");
            (await account.Api.PostAsync($"{dialog.OperatorPath}/messages", new { text = "x", client_id = "1" }, swapped)).IsProblem(401, "token_invalid");
        }

        (await account.Api.GetAsync("/api/widget/dialogs", dialog.Token)).IsProblem(401, "token_invalid");
    }

    [Theory]
    [InlineData("Authorization", "Basic {0}", "token_invalid")]
    [InlineData("Authorization", "{0}", "token_invalid")]
    [InlineData("Authorization", "Bearer", "token_invalid")]
    [InlineData("X-Token", "{0}", "token_missing")]
    [InlineData("Cookie", "token={0}", "token_missing")]
    public async Task Only_the_bearer_header_is_a_credential(string header, string value, string code)
    {
        var dialog = await OpenDialogAsync();
        var request = new HttpRequestMessage(HttpMethod.Get, $"{dialog.Path}/messages?token={dialog.Token}&access_token={dialog.Token}");
        request.Headers.TryAddWithoutValidation(header, string.Format(System.Globalization.CultureInfo.InvariantCulture, value, dialog.Token));

        (await dialog.Account.Api.SendAsync(request)).IsProblem(401, code);
    }

    [Fact]
    public async Task The_scheme_s_case_does_not_matter()
    {
        var dialog = await OpenDialogAsync();
        var request = new HttpRequestMessage(HttpMethod.Get, $"{dialog.Path}/messages");
        request.Headers.TryAddWithoutValidation("Authorization", $"bearer {dialog.Token}");
        (await dialog.Account.Api.SendAsync(request)).Is(HttpStatusCode.OK);
    }

    private static string Encode(string json) =>
        Convert.ToBase64String(Encoding.UTF8.GetBytes(json)).TrimEnd('=').Replace('+', '-').Replace('/', '_');
}
