using System.Globalization;
using System.Text.Json;
using ReplyX.Messaging.Redis;
using StackExchange.Redis;

namespace ReplyX.Messaging.Accounts;

/// <summary>
/// Invitations to accounts: a secret that is good once, for a week. All methods throw <see cref="MessagingUnavailableException"/> when
/// Redis does not answer.
/// </summary>
public sealed class InvitationBook
{
    /// <summary>How long an invitation lives.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromDays(7);

    /// <summary>How many an account may have open.</summary>
    public const int MostInvitations = 100;

    private const string Kind = "rxi";
    private const int IdBytes = 8;

    private readonly AccountWriter _writer;
    private readonly LoginClaims _logins;
    private readonly AuditLog _audit;
    private readonly TimeProvider _time;

    internal InvitationBook(AccountWriter writer, LoginClaims logins, AuditLog audit, TimeProvider time)
    {
        _writer = writer;
        _logins = logins;
        _audit = audit;
        _time = time;
    }

    /// <summary>Invites somebody.</summary>
    /// <param name="account">The account.</param>
    /// <param name="login">The login to propose, in any case; null for none.</param>
    /// <param name="name">The name to propose; null for none.</param>
    /// <param name="role">What they will be; no bot.</param>
    /// <param name="by">Who invites them.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    public async Task<AccountResult<NewInvitation>> CreateAsync(
        string account, string? login, string? name, OperatorRole role, Actor by, CancellationToken cancellationToken)
    {
        if (role == OperatorRole.Bot)
        {
            return AccountOutcome.BotRole;
        }

        var now = _time.GetUtcNow();
        var secret = AccountSecret.Create(Kind, account, NewId());
        var invitation = new Invitation(
            account, secret.Id, secret.Hash, login?.ToLowerInvariant(), name, role, now, now + Lifetime, by.Id);
        return await _writer.WriteAsync<AccountResult<NewInvitation>>(
            account,
            async () =>
            {
                var (refusal, stillOwner) = await _writer.CheckOwnerAsync(account, by, cancellationToken);
                if (refusal is { } why)
                {
                    return new(why);
                }

                if ((await ListAsync(account, cancellationToken)).Count >= MostInvitations)
                {
                    return new(AccountOutcome.LimitReached);
                }

                return new(new NewInvitation(invitation, secret.Text), transaction =>
                {
                    transaction.Require(stillOwner);
                    transaction.AddCondition(Condition.HashLengthLessThan(RedisKeys.Invitations(account), MostInvitations));
                    _ = transaction.HashSetAsync(
                        RedisKeys.Invitations(account),
                        invitation.Id,
                        JsonSerializer.Serialize(invitation, AccountsJson.Default.Invitation));
                    AuditDetail[] details = [new("role", null, invitation.Role.ToString().ToLower(CultureInfo.InvariantCulture))];
                    _audit.AddIn(transaction, account, by, "invitation.create", AuditTarget.Of(invitation), details);
                });
            },
            cancellationToken);
    }

    /// <summary>An account's open invitations, the newest first.</summary>
    /// <param name="account">The account.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    public async Task<IReadOnlyList<Invitation>> ListAsync(string account, CancellationToken cancellationToken)
    {
        var values = await _writer.Redis.ExecuteAsync(
            database => database.HashValuesAsync(RedisKeys.Invitations(account)), cancellationToken);
        var all = values.Select(ToInvitation).ToLookup(IsOpen);
        foreach (var over in all[false])
        {
            await _writer.Redis.ExecuteAsync(
                database => database.HashDeleteAsync(RedisKeys.Invitations(account), over.Id), cancellationToken);
        }

        return [.. all[true].OrderByDescending(invitation => invitation.CreatedAt)];
    }

    /// <summary>Withdraws an invitation.</summary>
    /// <param name="account">The account.</param>
    /// <param name="id">The invitation's id.</param>
    /// <param name="by">Who withdraws it.</param>
    /// <param name="cancellationToken">Gives up waiting; it may be withdrawn all the same.</param>
    public async Task<AccountOutcome> WithdrawAsync(string account, string id, Actor by, CancellationToken cancellationToken)
    {
        var table = RedisKeys.Invitations(account);
        return (await _writer.WriteAsync<AccountResult<Invitation>>(
            account,
            async () =>
            {
                var (refusal, stillOwner) = await _writer.CheckOwnerAsync(account, by, cancellationToken);
                if (refusal is { } why)
                {
                    return new(why);
                }

                var json = await _writer.ReadAsync(table, id, cancellationToken);
                if (json.IsNull)
                {
                    return new(AccountOutcome.NotFound);
                }

                var invitation = ToInvitation(json);
                return new(invitation, transaction =>
                {
                    transaction.Require(stillOwner);
                    transaction.AddCondition(Condition.HashEqual(table, id, json));
                    _ = transaction.HashDeleteAsync(table, id);
                    _audit.AddIn(transaction, account, by, "invitation.withdraw", AuditTarget.Of(invitation), []);
                });
            },
            cancellationToken)).Outcome;
    }

    /// <summary>Finds the open invitation of a secret.</summary>
    /// <param name="secret">The secret.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    public async Task<Invitation?> FindAsync(string? secret, CancellationToken cancellationToken) =>
        AccountSecret.TryParse(Kind, secret) is { } known
        && await FindAsync(known.Account, known.Id, cancellationToken) is { } invitation
        && known.Matches(invitation.SecretHash)
            ? invitation
            : null;

    /// <summary>Finds an open invitation, for whom an authority vouched for as the one that it is for.</summary>
    /// <param name="account">The account.</param>
    /// <param name="id">The invitation's id, which is no secret.</param>
    /// <param name="login">The login that the authority vouched for, in any case.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>The invitation; null if none of that id is open, or it proposes another login or none.</returns>
    public async Task<Invitation?> FindAsync(string account, string id, string login, CancellationToken cancellationToken) =>
        await FindAsync(account, id, cancellationToken) is { } open && string.Equals(open.Login, login, StringComparison.OrdinalIgnoreCase)
            ? open
            : null;

    /// <summary>Makes an operator of whom an invitation was for. Of several who accept it at once, one does.</summary>
    /// <param name="invitation">The invitation, found by its secret or by a login that an authority vouched for.</param>
    /// <param name="joining">Who joins.</param>
    /// <remarks>It cannot be given up: a login that was claimed has to be followed by its operator, or be free again.</remarks>
    /// <returns>The operator; not found if the invitation is not open any more, or whoever made it may not invite any more.</returns>
    public async Task<AccountResult<Operator>> AcceptAsync(Invitation invitation, Joining joining)
    {
        var cancellationToken = CancellationToken.None;
        var (account, id) = (invitation.Account, invitation.Id);
        var (table, people) = (RedisKeys.Invitations(account), RedisKeys.Operators(account));
        var login = joining.Login.ToLowerInvariant();
        if (!await _logins.TryClaimAsync(login, account, id, cancellationToken))
        {
            return AccountOutcome.LoginTaken;
        }

        var joined = await _writer.WriteAsync<AccountResult<Operator>>(
            account,
            async () =>
            {
                var json = await _writer.ReadAsync(table, id, cancellationToken);
                if (json.IsNull || ToInvitation(json) is not { } open || !IsOpen(open))
                {
                    return new(AccountOutcome.NotFound);
                }

                // Or who was removed or demoted would come back by a link that they made for themselves.
                Condition? mayStillInvite = null;
                if (open.By is { } inviter)
                {
                    (var refusal, mayStillInvite) = await _writer.CheckOwnerAsync(account, new Actor(inviter, ""), cancellationToken);
                    if (refusal is not null)
                    {
                        return new(AccountOutcome.NotFound);
                    }
                }

                var others = await _writer.Redis.ExecuteAsync(database => database.HashLengthAsync(people), cancellationToken);
                if (others >= AccountDirectory.MostOperators)
                {
                    return new(AccountOutcome.LimitReached);
                }

                var person = new Operator(
                    account, id, login, joining.Name, joining.PasswordHash, open.Role, CreatedAt: _time.GetUtcNow());
                var named = others == 0 && joining.AccountName is { } name ? await RenameAsync(account, name, cancellationToken) : null;
                return new(person, transaction =>
                {
                    transaction.Require(mayStillInvite);
                    transaction.AddCondition(Condition.HashEqual(table, id, json));
                    transaction.AddCondition(Condition.HashNotExists(people, id));
                    transaction.AddCondition(Condition.HashLengthLessThan(people, AccountDirectory.MostOperators));
                    _ = transaction.HashDeleteAsync(table, id);
                    _ = transaction.HashSetAsync(people, id, AccountWriter.ToJson(person));
                    if (named is not null)
                    {
                        _ = transaction.StringSetAsync(RedisKeys.Account(account), named);
                    }

                    AuditDetail[] details = [new("role", null, person.Role.ToString().ToLower(CultureInfo.InvariantCulture))];
                    _audit.AddIn(transaction, account, Actor.Of(person), "operator.join", AuditTarget.Of(person), details);
                });
            },
            cancellationToken);
        if (!joined.IsDone)
        {
            await ReleaseUnlessJoinedAsync(account, id, login);
        }

        return joined;
    }

    private async Task<string> RenameAsync(string account, string name, CancellationToken cancellationToken)
    {
        string? json = await _writer.Redis.ExecuteAsync(
            database => database.StringGetAsync(RedisKeys.Account(account)), cancellationToken);
        var now = json is null ? new Account(account, name) : JsonSerializer.Deserialize(json, AccountsJson.Default.Account)!;
        return JsonSerializer.Serialize(now with { Name = name }, AccountsJson.Default.Account);
    }

    // Who was faster joined by the same invitation and perhaps with the same login, which then is theirs.
    private async Task ReleaseUnlessJoinedAsync(string account, string id, string login)
    {
        var json = await _writer.ReadAsync(RedisKeys.Operators(account), id, CancellationToken.None);
        if (json.IsNull || AccountWriter.ToOperator(json).Login != login)
        {
            await _logins.ReleaseAsync(login, account, id, CancellationToken.None);
        }
    }

    private async Task<Invitation?> FindAsync(string account, string id, CancellationToken cancellationToken)
    {
        var json = await _writer.ReadAsync(RedisKeys.Invitations(account), id, cancellationToken);
        return !json.IsNull && ToInvitation(json) is var invitation && IsOpen(invitation) ? invitation : null;
    }

    private bool IsOpen(Invitation invitation) => invitation.ExpiresAt > _time.GetUtcNow();

    private static string NewId() =>
        "o" + Convert.ToHexStringLower(System.Security.Cryptography.RandomNumberGenerator.GetBytes(IdBytes));

    private static Invitation ToInvitation(RedisValue json) =>
        JsonSerializer.Deserialize((string)json!, AccountsJson.Default.Invitation)!;
}
