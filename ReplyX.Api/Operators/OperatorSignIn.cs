using ReplyX.Messaging.Accounts;
using ReplyX.Messaging.Tokens;

namespace ReplyX.Api.Operators;

/// <summary>What every way to sign in ends with: a token, and in browsers a session.</summary>
internal sealed class OperatorSignIn(TokenService tokens, OperatorSessions sessions, AccountDirectory accounts)
{
    /// <summary>Begins a session on the caller's device.</summary>
    /// <param name="context">The request that signed in, whose answer gets the cookie.</param>
    /// <param name="person">The operator, as what they signed in with was checked against.</param>
    /// <param name="device">The device, if they signed in from it before.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The answer; null if what they signed in with was taken back meanwhile.</returns>
    public async Task<SignedIn?> BeginAsync(HttpContext context, Operator person, DeviceClaims? device, CancellationToken cancellationToken)
    {
        if (await sessions.BeginAsync(person, DeviceName.Of(context.Request), cancellationToken) is not { } secret)
        {
            return null;
        }

        SessionCookie.Set(context, secret);
        return (await IssueAsync(person, OperatorSessions.IdOf(secret), cancellationToken)) with { DeviceToken = IssueDevice(person, device) };
    }

    /// <summary>Issues a token, and notes that the operator is there.</summary>
    /// <param name="person">The operator.</param>
    /// <param name="session">The id of the session by which the token can be refreshed; null for a bot, which has its key.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task<SignedIn> IssueAsync(Operator person, string? session, CancellationToken cancellationToken)
    {
        await accounts.NoteSeenAsync(person, cancellationToken);
        var token = tokens.Issue(new OperatorClaims(person.Account, person.Id, person.Name, Generation: person.Generation, Session: session));
        return new SignedIn(token.Token, token.ExpiresAt!.Value, OperatorView.Of(person));
    }

    // A device keeps its id, so that all sign-ins from it are counted together.
    private string IssueDevice(Operator person, DeviceClaims? device) => tokens.Issue(new DeviceClaims(
        person.Account, person.Id, device?.DeviceId ?? Guid.NewGuid().ToString("N"), person.DeviceGeneration)).Token;
}
