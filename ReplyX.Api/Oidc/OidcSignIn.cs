using System.Security.Claims;
using ReplyX.Api.Operators;
using ReplyX.Messaging.Accounts;
using ReplyX.Messaging.Redis;

namespace ReplyX.Api.Oidc;

/// <summary>Signs in whom an authority vouched for: the operator whose login the verified address is, or whom it was invited for.</summary>
internal sealed partial class OidcSignIn(
    AccountDirectory accounts, InvitationBook invitations, OperatorSignIn signIn, ILogger<OidcSignIn> logger)
{
    /// <returns>Why not, or null.</returns>
    public async Task<string?> CompleteAsync(HttpContext context, ClaimsPrincipal vouched, CancellationToken cancellationToken)
    {
        if (vouched.FindFirst("email")?.Value is not { Length: > 0 and <= OperatorFields.MaxLoginLength } email
            || !string.Equals(vouched.FindFirst("email_verified")?.Value, "true", StringComparison.OrdinalIgnoreCase))
        {
            return OidcError.EmailUnverified;
        }

        try
        {
            var person = await accounts.FindOperatorByLoginAsync(email, cancellationToken)
                ?? await JoinAsync(email, vouched.FindFirst("name")?.Value, cancellationToken);
            return person is not null && await signIn.BeginAsync(context, person, device: null, cancellationToken) is not null
                ? null
                : OidcError.UnknownPerson;
        }
        catch (MessagingUnavailableException exception)
        {
            Log.StoreUnavailable(logger, exception);
            return OidcError.StoreUnavailable;
        }
    }

    private async Task<Operator?> JoinAsync(string email, string? name, CancellationToken cancellationToken)
    {
        if (await invitations.FindByLoginAsync(email, cancellationToken) is not { } invitation)
        {
            return null;
        }

        // The invitation's word first: an owner wrote it.
        string? chosen = null;
        foreach (var candidate in (string?[])[invitation.Name, name, email.Split('@')[0], email])
        {
            chosen = candidate;
            if (OperatorFields.CheckName(ref chosen) is null)
            {
                break;
            }
        }

        var joined = await invitations.AcceptAsync(invitation, new Joining(email, chosen!, PasswordHash: ""), cancellationToken);
        return joined.Value;
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "An operator could not be signed in by an authority: Redis did not answer")]
        public static partial void StoreUnavailable(ILogger logger, Exception exception);
    }
}
