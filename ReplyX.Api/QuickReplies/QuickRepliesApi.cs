using Microsoft.AspNetCore.Http.HttpResults;
using ReplyX.Api.Accounts;
using ReplyX.Api.Authentication;
using ReplyX.Api.Limits;
using ReplyX.Messaging.Accounts;

namespace ReplyX.Api.QuickReplies;

/// <summary>An account's quick replies: its operators read them, its owners write them.</summary>
internal static class QuickRepliesApi
{
    private const int MaxItems = 200;
    private const int MaxShortcutLength = 32;
    private const int MaxTextLength = 4_000;

    public static void MapQuickReplies(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/api/quick-replies").WithTags("Account");
        group.MapGet("/", GetAsync).RequireCredential(Credential.Operator)
            .WithSummary("The account's quick replies");
        group.MapPut("/", SetAsync).RequireOwner().WithMetadata(BodyLimitMetadata.Lists)
            .WithSummary("Replace the account's quick replies")
            .WithDescription($"At most {MaxItems}, each with a shortcut of its own without white space.");
    }

    private static async Task<Ok<QuickReplyList>> GetAsync(
        OperatorCaller caller, AccountDirectory accounts, CancellationToken cancellationToken) =>
        TypedResults.Ok(ToList(await accounts.GetQuickRepliesAsync(caller.Account, cancellationToken)));

    private static async Task<Results<Ok<QuickReplyList>, Problem>> SetAsync(
        JsonBody<QuickReplyList> body, OperatorCaller caller, AccountDirectory accounts, CancellationToken cancellationToken)
    {
        if (body.Value.Items is not { Count: <= MaxItems } items)
        {
            return Problem.Member("items", $"A list of at most {MaxItems}.");
        }

        var replies = new List<QuickReply>(items.Count);
        var shortcuts = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        for (var i = 0; i < items.Count; i++)
        {
            var (shortcut, text) = (items[i]?.Shortcut, items[i]?.Text?.Trim());
            if (string.IsNullOrEmpty(shortcut)
                || shortcut.Length > MaxShortcutLength
                || shortcut.Any(character => char.IsControl(character) || char.IsWhiteSpace(character)))
            {
                return Problem.Member($"items[{i}].shortcut", $"1 to {MaxShortcutLength} characters without white space.");
            }

            if (!shortcuts.Add(shortcut))
            {
                return Problem.Member($"items[{i}].shortcut", "Another one has it, in this or another case.");
            }

            if (string.IsNullOrEmpty(text) || text.Length > MaxTextLength || text.Any(IsUnwanted))
            {
                return Problem.Member($"items[{i}].text", $"1 to {MaxTextLength} characters.");
            }

            replies.Add(new QuickReply(shortcut, text));
        }

        var changed = await accounts.SetQuickRepliesAsync(caller.Account, replies, caller.Actor, cancellationToken);
        return changed.IsDone ? TypedResults.Ok(ToList(changed.Value)) : changed.Outcome.ToProblem(Problem.NotFound);
    }

    private static bool IsUnwanted(char character) => char.IsControl(character) && character is not ('\n' or '\t' or '\r');

    private static QuickReplyList ToList(IReadOnlyList<QuickReply> replies) =>
        new([.. replies.Select(reply => new QuickReplyFields(reply.Shortcut, reply.Text))]);
}
