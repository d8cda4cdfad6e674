using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Time.Testing;
using ReplyX.Messaging.Dialogs;
using ReplyX.Messaging.Streams;
using ReplyX.Messaging.Tokens;

namespace ReplyX.Api.Tests.Hostile;

/// <summary>Makes hostile requests, each wrong by construction, with a canary wherever a secret might stand.</summary>
internal sealed class HostileBattery
{
    private static readonly string[] _methods = ["PUT", "PATCH", "DELETE", "OPTIONS", "BREW", "HEADLESS"];
    private static readonly string[] _badIds =
        ["abc", "0", "-5", "1e3", "0x10", "99999999999999999999", "9007199254740992", "007", "%2e%2e%2e", "%F0%9F%98%80", "1%20", "null", "%D9%A1"];

    private readonly Random _random;
    private readonly string _dialogToken;
    private readonly string _operatorToken;
    private readonly string[] _badTokens;
    private readonly string[] _expiredTokens;
    private readonly TestDialog _own;
    private readonly string _assistant;
    private readonly string _login;

    private HostileBattery(Random random, TestDialog own, TestDialog victim, string operatorToken, TokenService past)
    {
        _random = random;
        _own = own;
        Victim = victim;
        _dialogToken = own.Token;
        _operatorToken = operatorToken;
        _assistant = own.Account.Site.AssistantId;
        _login = own.Account.Login("Anna");
        var parts = own.Token.Split('.');
        _badTokens =
        [
            Canary, $"{parts[0]}.{parts[1]}.{Canary}", $"{parts[0]}.{Canary}.{parts[2]}", $"{parts[0]}.{parts[1]}.", $"{parts[0]}.{parts[1]}",
            $"..{Canary}", new string('A', 6_000), own.Account.SiteToken, Canary + "=é",
        ];
        _expiredTokens =
        [
            past.Issue(new DialogClaims(StreamKey.ForDialog(own.Account.Id, own.Id), own.Account.Site.Id, DialogMode.Widget, "g")).Token,
        ];
    }

    public string Canary { get; } = "canary7f3a91c2";

    /// <summary>A dialog that the attacker has no token for.</summary>
    public TestDialog Victim { get; }

    public IReadOnlyCollection<string> Secrets => [_dialogToken, _operatorToken, _own.GuestToken, TestApi.DemoPassword, .. _expiredTokens];

    public static async Task<HostileBattery> CreateAsync(TestApi api, Random random)
    {
        var (account, other) = (await api.NewAccountAsync(), await api.NewAccountAsync());
        var (own, victim) = (await account.OpenWidgetAsync(), await other.OpenWidgetAsync());
        (await own.SendAsync("taken", "taken")).Is(System.Net.HttpStatusCode.Created);
        var past = TestApi.TokensAt(new FakeTimeProvider(DateTimeOffset.UtcNow.AddDays(-2)));
        return new HostileBattery(random, own, victim, await account.OperatorAsync(), past);
    }

    public HostileRequest Next()
    {
        var hostile = _random.Next(14) switch
        {
            0 => Body("noise", _random.Next(2) == 0 ? Noise() : Encoding.UTF8.GetBytes(Canary), ["invalid_json"]),
            1 => Body("cut short", Cut(), ["invalid_json"]),
            2 => Text("wrong type", $$"""{"text":{{WrongType()}},"client_id":"1","{{Canary}}":"{{Canary}}"}""", ["invalid_json"]),
            3 => Text("wrong value", WrongValue(), ["invalid_field"]),
            4 => Text("twice", $$"""{"text":"{{Canary}}","client_id":"1","text":"b"}""", ["invalid_json"]),
            5 => Text("nested", $$"""{"text":"a","client_id":"1","{{Canary}}":{{Nested(_random.Next(20, 5_000))}}}""", ["invalid_json"]),
            6 => Text("torn Unicode", $$"""{"text":"{{Canary}}\ud83d","client_id":"1"}""", ["invalid_json"]),
            7 => Huge(),
            8 => Text("not JSON", $"text={Canary}", ["unsupported_media_type"], Pick("text/plain", "text/xml", "application/octet-stream", "a/b; c=\"")),
            9 => Foreign(),
            10 => BadToken(),
            11 => Address(),
            12 => Parameter(),
            _ => Refused(),
        };

        var uri = hostile.Request.RequestUri!.OriginalString;
        if (_random.Next(2) == 0)
        {
            hostile.Request.RequestUri = new Uri($"{uri}{(uri.Contains('?', StringComparison.Ordinal) ? '&' : '?')}token={Canary}&access_token={_dialogToken}", UriKind.Relative);
        }

        hostile.Request.Headers.TryAddWithoutValidation(Pick("X-Token", "Cookie", "Sec-WebSocket-Protocol", "Referer"), $"replyx.token.{Canary}");
        return hostile with { Name = $"{hostile.Name} {hostile.Request.Method} {hostile.Request.RequestUri!.OriginalString}" };
    }

    private HostileRequest Body(string name, byte[] body, string[] codes, string type = "application/json")
    {
        var content = new ByteArrayContent(body);
        content.Headers.TryAddWithoutValidation("Content-Type", type);
        var (path, token) = _random.Next(3) switch
        {
            0 => ($"{_own.Path}/messages", _dialogToken),
            1 => ($"{_own.OperatorPath}/messages", _operatorToken),
            _ => ($"{_own.Path}/messages", _dialogToken),
        };
        return Request(name, HttpMethod.Post, path, token, codes, content);
    }

    private HostileRequest Text(string name, string body, string[] codes, string type = "application/json") =>
        Body(name, Encoding.UTF8.GetBytes(body), codes, type);

    private static HostileRequest Request(
        string name, HttpMethod method, string path, string? token, string[] codes, HttpContent? content = null)
    {
        var request = new HttpRequestMessage(method, new Uri(path, UriKind.Relative)) { Content = content };
        if (token is not null)
        {
            request.Headers.TryAddWithoutValidation("Authorization", $"Bearer {token}");
        }

        return new HostileRequest(name, request, codes);
    }

    private byte[] Noise()
    {
        var bytes = new byte[_random.Next(1, 4_000)];
        _random.NextBytes(bytes);
        bytes[0] = 0xff;
        return bytes;
    }

    private byte[] Cut()
    {
        var whole = JsonSerializer.SerializeToUtf8Bytes(new { text = Canary + "я", client_id = "1" });
        return whole[.._random.Next(1, whole.Length)];
    }

    private string WrongType() => Pick("5", "-1.5e300", "true", "[]", "[\"a\"]", "{}", "{\"text\":\"a\"}", "1e99999");

    private string WrongValue() => _random.Next(6) switch
    {
        0 => JsonSerializer.Serialize(new { text = new string('x', _random.Next(8_001, 9_000)), client_id = "1" }),
        1 => JsonSerializer.Serialize(new { text = " \n\t ", client_id = Canary }),
        2 => JsonSerializer.Serialize(new { text = Canary }),
        3 => JsonSerializer.Serialize(new { text = Canary, client_id = Pick("", " ", "a b", "é", "\u0001", new string('k', 65)) }),
        4 => JsonSerializer.Serialize(new { text = (string?)null, client_id = "1" }),
        _ => "{}",
    };

    private string Nested(int depth) => _random.Next(2) == 0
        ? new string('[', depth) + new string(']', depth)
        : string.Concat(Enumerable.Repeat("{\"a\":", depth)) + "1" + new string('}', depth);

    private HostileRequest Huge()
    {
        var json = $$"""{"text":"{{Canary}}","client_id":"1","x":"{{new string('x', _random.Next(65_536, 400_000))}}"}""";
        var hostile = Text("huge", json, ["body_too_large"]);
        hostile.Request.Headers.TransferEncodingChunked = _random.Next(2) == 0;
        return hostile;
    }

    private HostileRequest Foreign() => _random.Next(6) switch
    {
        0 => Request("foreign history", HttpMethod.Get, $"{Victim.Path}/messages", _dialogToken, ["dialog_not_found"]),
        1 => Request("foreign send", HttpMethod.Post, $"{Victim.Path}/messages", _dialogToken, ["dialog_not_found"], Json(new { text = Canary, client_id = "1" })),
        2 => Request("foreign refresh", HttpMethod.Post, $"{Victim.Path}/token", Pick(_dialogToken, _own.GuestToken), ["dialog_not_found"]),
        3 => Request("foreign handoff", HttpMethod.Post, $"{Victim.OperatorPath}/handoff/{Pick("request", "takeover", "release", "cancel")}", _operatorToken, ["dialog_not_found"]),
        4 => Request("guessed id", HttpMethod.Get, $"/api/dialogs/{_random.NextInt64(1, 1L << 53).ToString(CultureInfo.InvariantCulture)}/messages", _operatorToken, ["dialog_not_found"]),
        _ => Request("no id", HttpMethod.Get, $"/api/{Pick("widget/", "")}dialogs/{Pick(_badIds)}/messages", null, ["token_missing"]),
    };

    private HostileRequest BadToken()
    {
        var (method, path) = _random.Next(6) switch
        {
            0 => (HttpMethod.Get, $"{_own.Path}/messages"),
            1 => (HttpMethod.Post, $"{_own.Path}/messages"),
            2 => (HttpMethod.Post, $"{_own.Path}/token"),
            3 => (HttpMethod.Get, "/api/widget/dialogs"),
            4 => (HttpMethod.Post, "/api/widget/dialogs"),
            _ => (HttpMethod.Get, $"{_own.OperatorPath}/handoff/status"),
        };
        return _random.Next(3) switch
        {
            0 when !path.Contains("/api/widget/dialogs", StringComparison.Ordinal) || path.Contains("messages", StringComparison.Ordinal) || path.Contains("/token", StringComparison.Ordinal) =>
                Request("expired", method, path, Pick(_expiredTokens), ["token_expired"], method == HttpMethod.Post ? Json(new { }) : null),
            1 => Request("operator's where a visitor's belongs", HttpMethod.Get, $"{_own.Path}/messages", _operatorToken, ["token_invalid"]),
            _ => Request("forged", method, path, Pick(_badTokens), ["token_invalid"], method == HttpMethod.Post ? Json(new { assistant_id = _assistant }) : null),
        };
    }

    private HostileRequest Address() => _random.Next(3) switch
    {
        0 => Request("unknown", new HttpMethod(Pick("GET", "POST", "PUT")), $"/{Pick("api/x", ".env", "api/dialogs/1/2/3", "wp-admin", "api//dialogs", "%2e%2e/%2e%2e/etc/passwd", "api/widget/dialogs/1/messages/")}x", _operatorToken, ["not_found"]),
        1 => Request("method", new HttpMethod(Pick(_methods)), Pick("/api/widget/dialogs", "/api/dialogs", $"{_own.Path}/messages", "/api/operator/sign-in"), _operatorToken, ["method_not_allowed"]),
        _ => Request("bad id", HttpMethod.Get, $"/api/dialogs/{Pick(_badIds)}/messages", _operatorToken, ["dialog_not_found"]),
    };

    private HostileRequest Parameter() => Request(
        "parameter",
        HttpMethod.Get,
        $"{_own.Path}/messages?{Pick("after=-1", "after=x", "after=9999999999999999999", "after=1-zz", "before=0", "before=1e5", "limit=0", "limit=201", "limit=1&limit=2", "limit=%00", "after=%F0%9F%98%80", "after=1&before=2", "after=9223372036854775807-1")}",
        _dialogToken,
        ["invalid_parameter"]);

    private HostileRequest Refused() => _random.Next(7) switch
    {
        0 => Request("wrong step", HttpMethod.Post, $"{_own.OperatorPath}/handoff/{Pick("takeover", "release", "cancel")}", _operatorToken, ["handoff_wrong_state"]),
        1 => Request("stolen key", HttpMethod.Post, $"{_own.Path}/messages", _dialogToken, ["idempotency_conflict"], Json(new { text = Canary, client_id = "taken" })),
        2 => Request("assistant", HttpMethod.Post, "/api/widget/dialogs", null, ["assistant_not_found"], Json(new { assistant_id = Pick(Canary, "../demo", "{demo}", "demo\r\nDEL x", new string('a', 5_000)) })),
        3 => Request("site token", HttpMethod.Post, "/api/site/dialogs", null, ["site_token_invalid"], Json(new { site_token = Pick(Canary, _dialogToken, "a.b.c") })),
        4 => Request("site", HttpMethod.Post, "/api/site-token", _operatorToken, ["site_not_found"], Json(new { site_id = Canary })),
        5 => Request("password", HttpMethod.Post, "/api/operator/sign-in", null, ["sign_in_failed"], Json(new { login = Pick(_login, "nobody"), password = Canary })),
        _ => Request("sender", HttpMethod.Post, $"{_own.OperatorPath}/messages", _operatorToken, ["invalid_field"], Json(new { text = Canary, client_id = "1", sender = Pick("user", "system", Canary) })),
    };

    private static ByteArrayContent Json(object body)
    {
        var content = new ByteArrayContent(JsonSerializer.SerializeToUtf8Bytes(body));
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        return content;
    }

    private string Pick(params ReadOnlySpan<string> of) => of[_random.Next(of.Length)];
}
