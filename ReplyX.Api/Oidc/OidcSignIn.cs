using System.Security.Claims;
using ReplyX.Api.Operators;
using ReplyX.Messaging.Accounts;
using ReplyX.Messaging.Redis;

namespace ReplyX.Api.Oidc;

/// <summary>Signs in whom an authority vouched for: the operator whose login the verified address is, or whom it was invited for.</summary>
internal sealed partial class OidcSignIn(
    AccountDirectory accounts, InvitationBook invitations, OperatorSignIn signIn, ILogger<OidcSignIn> logger)
{
    /// <param name="context">The request that came back from the authority.</param>
    /// <param name="vouched">Whom the authority vouches for.</param>
    /// <param name="invitation">The invitation that they came with, as <c>account.id</c>; null for none.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>Why not, or null.</returns>
    public async Task<string?> CompleteAsync(
        HttpContext context, ClaimsPrincipal vouched, string? invitation, CancellationToken cancellationToken)
    {
        if (vouched.FindFirst("email")?.Value is not { Length: > 0 and <= OperatorFields.MaxLoginLength } email
            || !string.Equals(vouched.FindFirst("email_verified")?.Value, "true", StringComparison.OrdinalIgnoreCase))
        {
            return OidcError.EmailUnverified;
        }

        try
        {
            var person = await accounts.FindOperatorByLoginAsync(email, cancellationToken)
                ?? await JoinAsync(email, vouched.FindFirst("name")?.Value, invitation, cancellationToken);
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

    // By the invitation whose link they followed, and no other: anybody may have invited that address to an account of theirs.
    private async Task<Operator?> JoinAsync(string email, string? name, string? wanted, CancellationToken cancellationToken)
    {
        if (wanted?.LastIndexOf('.') is not (> 0 and var dot)
            || await invitations.FindAsync(wanted[..dot], wanted[(dot + 1)..], email, cancellationToken) is not { } invitation)
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

        var joined = await invitations.AcceptAsync(invitation, new Joining(email, chosen!, PasswordHash: ""));
        return joined.Value;
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "An operator could not be signed in by an authority: Redis did not answer")]
        public static partial void StoreUnavailable(ILogger logger, Exception exception);
    }
}
