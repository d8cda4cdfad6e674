using System.Text.Json;
using Microsoft.AspNetCore.Http.HttpResults;
using ReplyX.Api.Authentication;
using ReplyX.Api.Operators;
using ReplyX.Messaging.Accounts;
using ReplyX.Messaging.Archive;

namespace ReplyX.Api.Accounts;

/// <summary>An account's settings and its audit log.</summary>
internal static class AccountsApi
{
    // A hundred years; for ever is said by null.
    private const int MaxRetentionDays = 36_500;
    private const int DefaultAuditEntries = 50;
    private const int MaxAuditEntries = 200;

    public static void MapAccounts(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/api").WithTags("Account");
        group.MapGet("/account", GetAsync).RequireCredential(Credential.Operator)
            .WithSummary("The account's settings");
        group.MapPatch("/account", ChangeAsync).RequireOwner()
            .WithSummary("Change the account's settings")
            .WithDescription("Members that are left out stay as they are. Archived messages are deleted when they are `retention_days` old, and whole dialogs when their last message is; null keeps them for ever.");
        group.MapGet("/audit", AuditAsync).RequireOwner()
            .WithSummary("Who changed what")
            .WithDescription("Newest first. `before` takes the `next` of the page before.");
    }

    private static async Task<Ok<AccountSettings>> GetAsync(
        OperatorCaller caller, AccountDirectory accounts, RetentionSettings retention, CancellationToken cancellationToken) =>
        TypedResults.Ok(await ReadAsync(
            await accounts.GetAccountAsync(caller.Account, cancellationToken), retention, cancellationToken));

    private static async Task<Results<Ok<AccountSettings>, Problem>> ChangeAsync(
        JsonBody<AccountPatch> body,
        OperatorCaller caller,
        AccountDirectory accounts,
        RetentionSettings retention,
        CancellationToken cancellationToken)
    {
        var (name, days) = body.Value;
        var setsRetention = days.ValueKind != JsonValueKind.Undefined;
        if (name is null && !setsRetention)
        {
            return Problem.Member("name", "One of name and retention_days is needed.");
        }

        if (name is not null && OperatorFields.CheckName(ref name) is { } problem)
        {
            return problem;
        }

        TimeSpan? age = null;
        if (setsRetention && days.ValueKind != JsonValueKind.Null)
        {
            if (days.ValueKind != JsonValueKind.Number || !days.TryGetInt32(out var number) || number is < 1 or > MaxRetentionDays)
            {
                return Problem.Member("retention_days", $"A whole number from 1 to {MaxRetentionDays}, or null for ever.");
            }

            age = TimeSpan.FromDays(number);
        }

        var changed = await accounts.ChangeAccountAsync(
            caller.Account, new AccountChange(name, setsRetention, age), caller.Actor, cancellationToken);
        return changed.IsDone
            ? TypedResults.Ok(await ReadAsync(changed.Value, retention, cancellationToken))
            : changed.Outcome.ToProblem(Problem.NotFound);
    }

    private static async Task<Results<Ok<AuditEntries>, Problem>> AuditAsync(
        string? limit, string? before, OperatorCaller caller, AuditLog audit, CancellationToken cancellationToken)
    {
        if (!QueryNumber.TryParse(limit, DefaultAuditEntries, 1, MaxAuditEntries, out var most))
        {
            return Problem.Parameter("limit", $"A number from 1 to {MaxAuditEntries}.");
        }

        return await audit.ReadAsync(caller.Account, before, (int)most, cancellationToken) is { } page
            ? TypedResults.Ok(new AuditEntries([.. page.Items.Select(AuditEntryView.Of)], page.Next))
            : Problem.Parameter("before", "It is the `next` of another page.");
    }

    private static async Task<AccountSettings> ReadAsync(Account account, RetentionSettings retention, CancellationToken cancellationToken)
    {
        // Days are what people set; one that was set shorter is a day for them.
        var age = await retention.GetAsync(account.Id, cancellationToken);
        return new AccountSettings(
            account.Id, account.Name, age is { } kept ? Math.Max(1, (int)kept.TotalDays) : null, account.CreatedAt);
    }
}
