using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace ReplyX.Api.Tests.Oidc;

/// <summary>
/// A little OpenID provider on a real server: discovery, keys, authorization and token endpoints. It signs in at once whomever the test says,
/// and is as strict as a real one with the client, the redirect URI, and PKCE. What it answers a test may make wrong.
/// </summary>
internal sealed class TestAuthority : IAsyncDisposable
{
    public const string ClientId = "replyx";
    public const string ClientSecret = "a client secret for tests";

    private readonly WebApplication _app;
    private readonly RsaSecurityKey _key = new(RSA.Create(2048)) { KeyId = "test" };
    private readonly ConcurrentDictionary<string, Asked> _codes = new();

    private TestAuthority(WebApplication app) => _app = app;

    public Uri Root => new(_app.Urls.Single());

    /// <summary>Who is signed in there, beside <c>sub</c>.</summary>
    public Dictionary<string, object> Person { get; } = new() { ["email"] = "nobody@example", ["email_verified"] = true };

    /// <summary>What only the userinfo endpoint tells; null for an authority without one.</summary>
    public Dictionary<string, object>? UserInfo { get; set; }

    /// <summary>Makes the claims of an ID token wrong.</summary>
    public Action<Dictionary<string, object>> Spoil { get; set; } = _ => { };

    /// <summary>Makes the answer to the browser wrong.</summary>
    public Func<string, string> SpoilRedirect { get; set; } = url => url;

    /// <summary>Signs with a key that is not published.</summary>
    public bool UsesForeignKey { get; set; }

    /// <summary>What the token endpoint refused.</summary>
    public ConcurrentQueue<string> Refused { get; } = new();

    public IEnumerable<(string, string)> Settings =>
    [
        ("Oidc:test:Name", "Test authority"), ("Oidc:test:Authority", Root.GetLeftPart(UriPartial.Authority)),
        ("Oidc:test:ClientId", ClientId), ("Oidc:test:ClientSecret", ClientSecret),
    ];

    public static async Task<TestAuthority> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        var authority = new TestAuthority(app);
        app.MapGet("/.well-known/openid-configuration", authority.Discovery);
        app.MapGet("/keys", () => Results.Json(new { keys = (object[])[authority.PublicKey()] }));
        app.MapGet("/authorize", authority.Authorize);
        app.MapPost("/token", authority.TokenAsync);
        app.MapGet("/userinfo", authority.Info);
        await app.StartAsync(TestTimeout.Token());
        return authority;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private string Issuer => Root.GetLeftPart(UriPartial.Authority);

    private IResult Discovery()
    {
        var document = new Dictionary<string, object>
        {
            ["issuer"] = Issuer,
            ["authorization_endpoint"] = $"{Issuer}/authorize",
            ["token_endpoint"] = $"{Issuer}/token",
            ["jwks_uri"] = $"{Issuer}/keys",
            ["response_types_supported"] = (string[])["code"],
            ["subject_types_supported"] = (string[])["public"],
            ["id_token_signing_alg_values_supported"] = (string[])["RS256"],
        };
        if (UserInfo is not null)
        {
            document["userinfo_endpoint"] = $"{Issuer}/userinfo";
        }

        return Results.Json(document);
    }

    private IResult Authorize(HttpRequest request)
    {
        var query = request.Query.ToDictionary(pair => pair.Key, pair => pair.Value.ToString());
        if (query["client_id"] != ClientId
            || query["response_type"] != "code"
            || query["code_challenge_method"] != "S256"
            || !query["scope"].Split(' ').Contains("openid"))
        {
            return Results.BadRequest();
        }

        var code = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
        _codes[code] = new Asked(query["redirect_uri"], query["code_challenge"], query["nonce"]);
        return Results.Redirect(SpoilRedirect($"{query["redirect_uri"]}?code={code}&state={Uri.EscapeDataString(query["state"])}"));
    }

    private async Task<IResult> TokenAsync(HttpRequest request)
    {
        var form = await request.ReadFormAsync();
        var why = !_codes.TryRemove(form["code"].ToString(), out var asked) ? "code"
            : form["client_id"] != ClientId || form["client_secret"] != ClientSecret ? "client"
            : form["redirect_uri"] != asked.RedirectUri ? "redirect_uri"
            : Base64UrlEncoder.Encode(SHA256.HashData(Encoding.ASCII.GetBytes(form["code_verifier"].ToString()))) != asked.Challenge ? "pkce"
            : null;
        if (why is not null)
        {
            Refused.Enqueue(why);
            return Results.Json(new { error = "invalid_grant" }, statusCode: 400);
        }

        return Results.Json(new
        {
            access_token = "an access token",
            token_type = "Bearer",
            expires_in = 60,
            id_token = IdToken(asked!.Nonce),
        });
    }

    private IResult Info() => Results.Json(UserInfo);

    private string IdToken(string nonce)
    {
        var claims = new Dictionary<string, object>(Person) { ["sub"] = "somebody", ["aud"] = ClientId, ["nonce"] = nonce };
        Spoil(claims);
        var key = UsesForeignKey ? new RsaSecurityKey(RSA.Create(2048)) { KeyId = _key.KeyId } : _key;
        return new JsonWebTokenHandler().CreateToken(new SecurityTokenDescriptor
        {
            Issuer = claims.Remove("iss", out var issuer) ? (string)issuer : Issuer,
            Expires = DateTime.UtcNow.AddMinutes(5),
            Claims = claims,
            SigningCredentials = new SigningCredentials(key, SecurityAlgorithms.RsaSha256),
        });
    }

    private object PublicKey()
    {
        var parameters = _key.Rsa.ExportParameters(includePrivateParameters: false);
        return new
        {
            kty = "RSA",
            use = "sig",
            alg = "RS256",
            kid = _key.KeyId,
            n = Base64UrlEncoder.Encode(parameters.Modulus!),
            e = Base64UrlEncoder.Encode(parameters.Exponent!),
        };
    }

    private sealed record Asked(string RedirectUri, string Challenge, string Nonce);
}
