using Microsoft.Extensions.DependencyInjection;
using ReplyX.Messaging.Dialogs;
using ReplyX.Messaging.Redis;
using ReplyX.Messaging.Streams;
using ReplyX.Messaging.Tokens;
using ReplyX.Realtime.Admission;
using ReplyX.Realtime.Routes;

namespace ReplyX.Validation.Services;

/// <summary>Asks the gatekeeper itself what opens a path, with one token of each kind.</summary>
internal sealed class CredentialTrial(IServiceProvider services)
{
    private const string Account = "acme";
    private const string Site = "shop";
    private const string Guest = "guest";
    private const string Operator = "anna";
    private const long Dialog = 1;

    private readonly Gatekeeper _gatekeeper = services.GetRequiredService<Gatekeeper>();
    private readonly TokenService _tokens = services.GetRequiredService<TokenService>();

    /// <summary>The credentials that open a route.</summary>
    public async Task<IReadOnlyList<string>> TryAllAsync(SocketRoute route)
    {
        var mode = route.Kind == SocketKind.Site ? DialogMode.Site : DialogMode.Widget;
        var other = mode == DialogMode.Site ? DialogMode.Widget : DialogMode.Site;
        (string Name, string? Token)[] tried =
        [
            (Credentials.NoToken, null),
            (Credentials.SiteToken, _tokens.Issue(new SiteClaims(Account, Site, 1)).Token),
            (Credentials.GuestToken, _tokens.Issue(new GuestClaims(Account, Site, Guest)).Token),
            (Credentials.DialogToken, Of(mode)),
            (Credentials.OtherDialogToken, Of(other)),
            (Credentials.DeviceToken, _tokens.Issue(new DeviceClaims(Account, Operator, "device", 0)).Token),
            (Credentials.OperatorToken, _tokens.Issue(new OperatorClaims(Account, Operator, "Anna")).Token),
        ];
        var opens = new List<string>();
        foreach (var (name, token) in tried)
        {
            if (await OpensAsync(route, token))
            {
                opens.Add(name);
            }
        }

        return opens;
    }

    private string Of(DialogMode mode) => _tokens.Issue(new DialogClaims(StreamKey.ForDialog(Account, Dialog), Site, mode, Guest)).Token;

    // A token that passes is followed by a question to Redis, which is away; one that does not is refused before.
    private async Task<bool> OpensAsync(SocketRoute route, string? token)
    {
        try
        {
            var id = route.Path.Contains("{id}", StringComparison.Ordinal) ? "1" : null;
            return (await _gatekeeper.AdmitAsync(route, id, token, origin: null, CancellationToken.None)).Peer is not null;
        }
        catch (MessagingUnavailableException)
        {
            return true;
        }
    }
}
