using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using ReplyX.Messaging.Dialogs;
using ReplyX.Messaging.Streams;
using ReplyX.Messaging.Tokens;

namespace ReplyX.Messaging.Tests.Tokens;

public sealed class TokenServiceTests
{
    private const string Key = "one key for tests that is long enough";
    private const string OtherKey = "another key for tests, long enough too";

    private static readonly DialogClaims _dialog = new(StreamKey.ForDialog("acme", 9007199254740991), "shop", DialogMode.Site, "ann");
    private static readonly OperatorClaims _operator = new("acme", "op1", "Anna");
    private static readonly GuestClaims _guest = new("acme", "shop", "ann");
    private static readonly DeviceClaims _device = new("acme", "op1", "d1");
    private static readonly SiteClaims _site = new("acme", "shop", 3);

    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));

    [Fact]
    public async Task Each_credential_says_what_was_put_in()
    {
        var tokens = Service(Key);
        var dialog = tokens.Issue(_dialog);

        Assert.Equal(_dialog with { ExpiresAt = dialog.ExpiresAt!.Value }, (await tokens.CheckDialogAsync(dialog.Token)).Claims);
        Assert.Equal(_guest, (await tokens.CheckGuestAsync(tokens.Issue(_guest).Token)).Claims);
        Assert.Equal(_site, (await tokens.CheckSiteAsync(tokens.Issue(_site).Token)).Claims);
        Assert.Equal(_device, (await tokens.CheckDeviceAsync(tokens.Issue(_device).Token)).Claims);
        Assert.Equal("Anna", (await tokens.CheckOperatorAsync(tokens.Issue(_operator).Token)).Claims!.Name);
    }

    [Fact]
    public async Task None_passes_for_another()
    {
        var tokens = Service(Key);
        var issued = new Dictionary<string, string>
        {
            ["dialog"] = tokens.Issue(_dialog).Token,
            ["operator"] = tokens.Issue(_operator).Token,
            ["guest"] = tokens.Issue(_guest).Token,
            ["site"] = tokens.Issue(_site).Token,
            ["device"] = tokens.Issue(_device).Token,
        };

        foreach (var (type, token) in issued)
        {
            Assert.Equal(type == "dialog", (await tokens.CheckDialogAsync(token)).IsValid);
            Assert.Equal(type == "operator", (await tokens.CheckOperatorAsync(token)).IsValid);
            Assert.Equal(type == "guest", (await tokens.CheckGuestAsync(token)).IsValid);
            Assert.Equal(type == "site", (await tokens.CheckSiteAsync(token)).IsValid);
            Assert.Equal(type == "device", (await tokens.CheckDeviceAsync(token)).IsValid);
        }
    }

    [Fact]
    public async Task An_expired_token_is_told_from_a_bad_one()
    {
        var tokens = Service(Key);
        var token = tokens.Issue(_dialog).Token;

        _time.Advance(TimeSpan.FromMinutes(59));
        Assert.True((await tokens.CheckDialogAsync(token)).IsValid);
        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(TokenFailure.Expired, (await tokens.CheckDialogAsync(token)).Failure);
    }

    [Fact]
    public async Task However_many_tokens_come_each_says_its_own_and_runs_out()
    {
        var tokens = Service(Key);
        var issued = Enumerable.Range(1, (2 * CheckedTokens<DialogClaims>.HalfSize) + 10)
            .Select(id => (Id: (long)id, tokens.Issue(_dialog with { Dialog = StreamKey.ForDialog("acme", id) }).Token)).ToArray();

        // The second time the last ones are known, and the first ones are forgotten again.
        for (var i = 0; i < 2; i++)
        {
            foreach (var (id, token) in issued)
            {
                Assert.Equal(id, (await tokens.CheckDialogAsync(token)).Claims?.Dialog.DialogId);
            }
        }

        _time.Advance(TimeSpan.FromHours(1));
        foreach (var (_, token) in issued)
        {
            Assert.Equal(TokenFailure.Expired, (await tokens.CheckDialogAsync(token)).Failure);
        }
    }

    [Fact]
    public async Task Forgeries_are_refused()
    {
        var tokens = Service(Key);
        var token = tokens.Issue(_dialog).Token;
        Assert.True((await tokens.CheckDialogAsync(token)).IsValid);
        var parts = token.Split('.');
        var payload = Decode(parts[1]);
        var unsigned = Encode("{\"alg\":\"none\",\"typ\":\"replyx-dialog+jwt\"}");
        string[] forged =
        [
            "", "x", "a.b.c", token + "x", token[..^2],
            Service(OtherKey).Issue(_dialog).Token,
            $"{parts[0]}.{Encode(payload.Replace("ann", "bob", StringComparison.Ordinal))}.{parts[2]}",
            $"{unsigned}.{parts[1]}.",
            $"{unsigned}.{parts[1]}.{parts[2]}",
            new string('a', 100_000),
        ];

        foreach (var bad in forged)
        {
            Assert.Equal(TokenFailure.Invalid, (await tokens.CheckDialogAsync(bad)).Failure);
        }

        Assert.Equal(TokenFailure.Invalid, (await tokens.CheckDialogAsync(null)).Failure);
    }

    [Fact]
    public async Task A_token_that_never_ends_is_none_though_it_is_signed()
    {
        var tokens = Service(Key);
        var parts = tokens.Issue(_dialog).Token.Split('.');
        var endless = $"{parts[0]}.{Encode(Regex.Replace(Decode(parts[1]), "\"exp\":\\d+,?", ""))}";
        var signature = HMACSHA256.HashData(Encoding.UTF8.GetBytes(Key), Encoding.ASCII.GetBytes(endless));
        var token = $"{endless}.{Microsoft.IdentityModel.Tokens.Base64UrlEncoder.Encode(signature)}";

        for (var i = 0; i < 2; i++)
        {
            Assert.False((await tokens.CheckDialogAsync(token)).IsValid);
        }
    }

    [Fact]
    public async Task After_a_change_of_keys_the_old_ones_tokens_still_pass()
    {
        var old = Service(OtherKey).Issue(_dialog).Token;

        Assert.True((await Service(Key, previous: OtherKey).CheckDialogAsync(old)).IsValid);
        Assert.False((await Service(Key).CheckDialogAsync(old)).IsValid);
    }

    [Theory]
    [InlineData("short", "")]
    [InlineData(Key, "short")]
    public void A_short_key_stops_the_start(string key, string previous) =>
        Assert.True(new TokenOptionsValidator().Validate(null, new TokenOptions { SigningKey = key, PreviousSigningKey = previous }).Failed);

    private TokenService Service(string key, string previous = "") =>
        new(Options.Create(new TokenOptions { SigningKey = key, PreviousSigningKey = previous }), _time);

    private static string Decode(string part) => Microsoft.IdentityModel.Tokens.Base64UrlEncoder.Decode(part);

    private static string Encode(string text) => Microsoft.IdentityModel.Tokens.Base64UrlEncoder.Encode(text);
}
