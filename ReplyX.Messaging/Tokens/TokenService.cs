using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using ReplyX.Messaging.Dialogs;
using ReplyX.Messaging.Streams;

namespace ReplyX.Messaging.Tokens;

/// <summary>
/// Issues and checks the four credentials: JWTs signed with HS256 (RFC 7515), each of a type of its own in the <c>typ</c>
/// header (RFC 8725 section 3.11), so that none passes for another.
/// </summary>
public sealed class TokenService
{
    private const string Issuer = "replyx";
    private const string Account = "acc";
    private const string SiteId = "site";
    private const string Version = "ver";
    private const string DialogId = "dlg";
    private const string Mode = "mode";
    private const string Name = "name";
    private const string Device = "dev";
    private const string Generation = "gen";
    private const string Session = "sid";

    // Ours are below 1 KiB; no need to verify a novel.
    private const int MaxTokenLength = 4_096;

    private readonly JsonWebTokenHandler _handler = new() { SetDefaultTimesOnTokenCreation = false, MapInboundClaims = false };
    private readonly TimeProvider _time;
    private readonly TokenOptions _options;
    private readonly SigningCredentials _signing;
    private readonly Dictionary<TokenType, TokenValidationParameters> _validation;

    // The two that come with every message.
    private readonly CheckedTokens<DialogClaims> _goodDialogTokens = new();
    private readonly CheckedTokens<OperatorClaims> _goodOperatorTokens = new();

    /// <summary>Makes the service.</summary>
    /// <param name="options">The keys and lives.</param>
    /// <param name="time">The clock.</param>
    public TokenService(IOptions<TokenOptions> options, TimeProvider time)
    {
        _time = time;
        _options = options.Value;
        var current = ToKey(_options.SigningKey);
        _signing = new SigningCredentials(current, SecurityAlgorithms.HmacSha256);
        SecurityKey[] keys = _options.PreviousSigningKey.Length == 0 ? [current] : [current, ToKey(_options.PreviousSigningKey)];
        _validation = Enum.GetValues<TokenType>().ToDictionary(type => type, type => Parameters(type, keys));
    }

    /// <summary>Issues a site token, which lives until it is rotated.</summary>
    /// <param name="claims">What it says.</param>
    public IssuedToken Issue(SiteClaims claims) => Issue(TokenType.Site, claims.SiteId, null, new()
    {
        [Account] = claims.Account,
        [Version] = claims.Version,
    });

    /// <summary>Issues a guest token.</summary>
    /// <param name="claims">What it says.</param>
    public IssuedToken Issue(GuestClaims claims) => Issue(TokenType.Guest, claims.GuestId, _options.GuestLifetime, new()
    {
        [Account] = claims.Account,
        [SiteId] = claims.SiteId,
        [Version] = claims.SiteTokenVersion,
    });

    /// <summary>Issues a dialog token.</summary>
    /// <param name="claims">What it says.</param>
    public IssuedToken Issue(DialogClaims claims) => Issue(TokenType.Dialog, claims.GuestId, _options.DialogLifetime, new()
    {
        [Account] = claims.Dialog.Account,
        [DialogId] = claims.Dialog.DialogId,
        [SiteId] = claims.SiteId,
        [Mode] = claims.Mode.ToWire(),
        [Version] = claims.SiteTokenVersion,
    });

    /// <summary>Issues an operator token.</summary>
    /// <param name="claims">What it says.</param>
    public IssuedToken Issue(OperatorClaims claims)
    {
        Dictionary<string, object> said = new()
        {
            [Account] = claims.Account,
            [Name] = claims.Name,
            [Generation] = claims.Generation,
        };
        if (claims.Session is { } session)
        {
            said[Session] = session;
        }

        return Issue(TokenType.Operator, claims.OperatorId, _options.OperatorLifetime, said);
    }

    /// <summary>Issues a device token.</summary>
    /// <param name="claims">What it says.</param>
    public IssuedToken Issue(DeviceClaims claims) => Issue(TokenType.Device, claims.OperatorId, _options.DeviceLifetime, new()
    {
        [Account] = claims.Account,
        [Device] = claims.DeviceId,
        [Generation] = claims.Generation,
    });

    /// <summary>Checks a site token. Whether its version is still the site's is for the caller to see.</summary>
    /// <param name="token">The token.</param>
    public Task<TokenCheck<SiteClaims>> CheckSiteAsync(string? token) => CheckAsync(TokenType.Site, token, jwt =>
        Text(jwt, Account) is { } account && Number(jwt, Version) is { } version
            ? new SiteClaims(account, jwt.Subject, (int)version)
            : null);

    /// <summary>Checks a guest token.</summary>
    /// <param name="token">The token.</param>
    public Task<TokenCheck<GuestClaims>> CheckGuestAsync(string? token) => CheckAsync(TokenType.Guest, token, jwt =>
        Text(jwt, Account) is { } account && Text(jwt, SiteId) is { } site && Number(jwt, Version) is { } version
            ? new GuestClaims(account, site, jwt.Subject, (int)version)
            : null);

    /// <summary>Checks a dialog token. Whether its guest is still the dialog's is for the caller to see.</summary>
    /// <param name="token">The token.</param>
    public Task<TokenCheck<DialogClaims>> CheckDialogAsync(string? token) => CheckAsync(TokenType.Dialog, token, jwt =>
        Text(jwt, Account) is { } account
        && Number(jwt, DialogId) is { } dialog and > 0
        && Text(jwt, SiteId) is { } site
        && Text(jwt, Mode) is { } mode
        && Number(jwt, Version) is { } version
            ? new DialogClaims(
                StreamKey.ForDialog(account, dialog), site, WireNames.ToDialogMode(mode), jwt.Subject, ExpiresAt(jwt), (int)version)
            : null,
        _goodDialogTokens);

    /// <summary>Checks an operator token. Whether its generation is still the operator's is for the caller to see.</summary>
    /// <param name="token">The token.</param>
    public Task<TokenCheck<OperatorClaims>> CheckOperatorAsync(string? token) => CheckAsync(TokenType.Operator, token, jwt =>
        Text(jwt, Account) is { } account && Text(jwt, Name) is { } name
            ? new OperatorClaims(account, jwt.Subject, name, ExpiresAt(jwt), (int)(Number(jwt, Generation) ?? 0), Text(jwt, Session))
            : null,
        _goodOperatorTokens);

    /// <summary>Checks a device token. Whether its operator is the one who signs in is for the caller to see.</summary>
    /// <param name="token">The token.</param>
    public Task<TokenCheck<DeviceClaims>> CheckDeviceAsync(string? token) => CheckAsync(TokenType.Device, token, jwt =>
        Text(jwt, Account) is { } account && Text(jwt, Device) is { } device
            ? new DeviceClaims(account, jwt.Subject, device, (int)(Number(jwt, Generation) ?? 0))
            : null);

    private IssuedToken Issue(TokenType type, string subject, TimeSpan? lifetime, Dictionary<string, object> claims)
    {
        var now = _time.GetUtcNow();
        var expires = lifetime is { } life ? now + life : (DateTimeOffset?)null;
        claims[JwtRegisteredClaimNames.Sub] = subject;
        var token = _handler.CreateToken(new SecurityTokenDescriptor
        {
            TokenType = Header(type),
            Issuer = Issuer,
            IssuedAt = now.UtcDateTime,
            Expires = expires?.UtcDateTime,
            Claims = claims,
            SigningCredentials = _signing,
        });

        // The claim counts whole seconds: say the time that the check will see.
        return new IssuedToken(token, expires is { } at ? DateTimeOffset.FromUnixTimeSeconds(at.ToUnixTimeSeconds()) : null);
    }

    private async Task<TokenCheck<TClaims>> CheckAsync<TClaims>(
        TokenType type, string? token, Func<JsonWebToken, TClaims?> read, CheckedTokens<TClaims>? good = null)
        where TClaims : class
    {
        if (string.IsNullOrEmpty(token) || token.Length > MaxTokenLength)
        {
            return new(null, TokenFailure.Invalid);
        }

        if (good is not null && good.TryGet(token, out var known, out var expires))
        {
            return HasExpired(expires) ? new(null, TokenFailure.Expired) : new(known, TokenFailure.None);
        }

        var result = await _handler.ValidateTokenAsync(token, _validation[type]);
        if (!result.IsValid)
        {
            return new(null, result.Exception is SecurityTokenExpiredException ? TokenFailure.Expired : TokenFailure.Invalid);
        }

        if (result.SecurityToken is not JsonWebToken { Subject.Length: > 0 } jwt || read(jwt) is not { } claims)
        {
            return new(null, TokenFailure.Invalid);
        }

        good?.Add(token, claims, jwt.ValidTo);
        return new(claims, TokenFailure.None);
    }

    private bool HasExpired(DateTime expires) => expires + _options.ClockSkew <= _time.GetUtcNow().UtcDateTime;

    private TokenValidationParameters Parameters(TokenType type, SecurityKey[] keys) => new()
    {
        ValidTypes = [Header(type)],
        ValidIssuer = Issuer,
        ValidateAudience = false,
        ValidAlgorithms = [SecurityAlgorithms.HmacSha256],
        IssuerSigningKeys = keys,
        TryAllIssuerSigningKeys = false,
        RequireExpirationTime = type != TokenType.Site,
        LifetimeValidator = (_, expires, _, _) =>
            expires is null ? type == TokenType.Site : HasExpired(expires.Value) ? throw new SecurityTokenExpiredException() : true,
    };

    // The key's id is a digest of it, so that no one has to name keys, and tells nothing about it.
    private static SymmetricSecurityKey ToKey(string secret)
    {
        var bytes = Encoding.UTF8.GetBytes(secret);
        return new SymmetricSecurityKey(bytes) { KeyId = Convert.ToHexStringLower(SHA256.HashData(bytes).AsSpan(0, 4)) };
    }

    private static string Header(TokenType type) => $"replyx-{type.ToString().ToLowerInvariant()}+jwt";

    private static string? Text(JsonWebToken jwt, string claim) =>
        jwt.TryGetPayloadValue<string>(claim, out var value) && value.Length > 0 ? value : null;

    private static long? Number(JsonWebToken jwt, string claim) =>
        jwt.TryGetPayloadValue<object>(claim, out var value) && value is IConvertible
            && long.TryParse(Convert.ToString(value, CultureInfo.InvariantCulture), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : null;

    private static DateTimeOffset ExpiresAt(JsonWebToken jwt) => new(jwt.ValidTo, TimeSpan.Zero);

    private enum TokenType
    {
        Site,
        Guest,
        Dialog,
        Operator,
        Device,
    }
}
