using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.AI;
using ReplyX.Api.Accounts;
using ReplyX.Api.Assistant.Answering;
using ReplyX.Api.Assistant.Clients;
using ReplyX.Api.Authentication;
using ReplyX.Api.Limits;
using ReplyX.Api.Secrets;
using ReplyX.Messaging.Accounts;
using ReplyX.Messaging.Assistants;

namespace ReplyX.Api.Assistant;

/// <summary>The settings of a site's assistant, and its try-out.</summary>
internal static class AssistantApi
{
    private const int MaxQuestion = 8_000;

    public static void MapAssistants(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/api/sites/{id}/assistant").WithTags("Assistant");
        group.MapGet("/", GetAsync).RequireCredential(Credential.Operator)
            .WithSummary("Get a site's assistant")
            .WithDescription("`has_key` tells whether the endpoint's key is set. The key itself is never told.");
        group.MapPut("/", SaveAsync).RequireOwner().WithMetadata(BodyLimitMetadata.Lists)
            .WithSummary("Set a site's assistant up")
            .WithDescription(
                "Owners only. What is missing gets its default. Of `api_key` null keeps the key there is, as long as the endpoint stays the "
                + "same, and \"\" removes it. It counts from the visitors' next message on.");
        group.MapPost("/try", TryAsync).RequireCredential(Credential.Operator)
            .WithSummary("Ask the assistant something")
            .WithDescription("With the saved settings, whether enabled or not. Nothing is stored, and no visitor sees it. An account has two at a time.");
    }

    private static async Task<Results<Ok<AssistantView>, Problem>> GetAsync(
        string id, OperatorCaller caller, AccountDirectory accounts, AssistantDirectory assistants, CancellationToken cancellationToken) =>
        await accounts.FindSiteAsync(caller.Account, id, cancellationToken) is null
            ? Problem.SiteNotFound
            : TypedResults.Ok(AssistantView.Of(
                await assistants.FindAsync(new AssistantSite(caller.Account, id), cancellationToken) ?? AssistantSettings.None));

    private static async Task<Results<Ok<AssistantView>, Problem>> SaveAsync(
        string id,
        JsonBody<SaveAssistant> body,
        OperatorCaller caller,
        AccountDirectory accounts,
        AssistantDirectory assistants,
        AssistantRules rules,
        SecretBox secrets,
        CancellationToken cancellationToken)
    {
        if (await accounts.FindSiteAsync(caller.Account, id, cancellationToken) is not { } target)
        {
            return Problem.SiteNotFound;
        }

        var site = new AssistantSite(caller.Account, id);
        Problem? refused = null;
        var saved = await assistants.ChangeAsync(
            site,
            now =>
            {
                refused = rules.Read(body.Value, now.EncryptedKey, out var next) ?? KeyProblem(body.Value.ApiKey, now, next, secrets);
                return refused is null
                    ? next with { EncryptedKey = Encrypt(body.Value.ApiKey, now.EncryptedKey, ChatClients.KeyPurpose(site), secrets) }
                    : null;
            },
            (before, after) => Changes(before, after, body.Value.ApiKey),
            AuditTarget.Of(target),
            caller.Actor,
            cancellationToken);
        return saved.IsDone ? TypedResults.Ok(AssistantView.Of(saved.Value)) : refused ?? saved.Outcome.ToProblem(Problem.SiteNotFound);
    }

    private static async Task<Results<Ok<TriedAssistant>, Problem>> TryAsync(
        string id,
        JsonBody<TryAssistant> body,
        OperatorCaller caller,
        AccountDirectory accounts,
        AssistantDirectory assistants,
        AnswerGenerator generator,
        TryOuts tries,
        TimeProvider time,
        CancellationToken cancellationToken)
    {
        if (body.Value.Text is not { } text || string.IsNullOrWhiteSpace(text) || text.Length > MaxQuestion)
        {
            return Problem.Member("text", $"It is needed: not blank, and at most {MaxQuestion} UTF-16 code units.");
        }

        if (await accounts.FindSiteAsync(caller.Account, id, cancellationToken) is not { } site)
        {
            return Problem.SiteNotFound;
        }

        var assistant = new AssistantSite(caller.Account, id);
        var settings = await assistants.FindAsync(assistant, cancellationToken) ?? AssistantSettings.None;
        using var place = tries.Enter(caller.Account);
        if (!place.IsAcquired)
        {
            return Problem.RateLimited with { RetryAfter = LimitsExtensions.RetryAfter(place) };
        }

        var startedAt = time.GetTimestamp();
        var result = await generator.GenerateAsync(
            assistant, site.Name, settings, [new ChatMessage(ChatRole.User, text)], onText: _ => { }, cancellationToken);
        if (result.Failure is { } failure)
        {
            return (result.Handover == HandoverReason.Timeout ? Problem.AssistantTimeout : Problem.AssistantFailed) with { Detail = AssistantMetrics.Label(failure) };
        }

        var said = result.Handover is { } reason && result.Text.Length == 0
            ? Sentences.Handover(reason, isAskedAlready: false, VisitorLanguages.Detect(text))
            : result.Text;
        return TypedResults.Ok(new TriedAssistant(
            said, settings.Kind, result.Handover is not null, (long)time.GetElapsedTime(startedAt).TotalMilliseconds));
    }

    // Of texts only that they changed: they are long, and the log is read by more people than the settings.
    private static IEnumerable<AuditDetail> Changes(AssistantSettings before, AssistantSettings after, string? givenKey)
    {
        (string Field, string From, string To)[] values =
        [
            ("enabled", before.Enabled ? "true" : "false", after.Enabled ? "true" : "false"),
            ("kind", AssistantMetrics.Label(before.Kind), AssistantMetrics.Label(after.Kind)),
            ("endpoint", before.Endpoint, after.Endpoint),
            ("model", before.Model, after.Model),
            ("timeout_seconds", Text(before.TimeoutSeconds), Text(after.TimeoutSeconds)),
        ];
        (string Field, bool IsChanged)[] texts =
        [
            ("instructions", before.Instructions != after.Instructions),
            ("answers", !before.Answers.SequenceEqual(after.Answers)),
            ("fallback", before.Fallback != after.Fallback),
            ("handover_words", !before.HandoverWords.SequenceEqual(after.HandoverWords)),
            ("api_key", givenKey is { Length: > 0 } || (givenKey is not null && before.EncryptedKey is not null)),
        ];
        return values.Where(value => value.From != value.To).Select(value => new AuditDetail(value.Field, value.From, value.To))
            .Concat(texts.Where(text => text.IsChanged).Select(text => new AuditDetail(text.Field, null, null)));
    }

    private static string Text(int number) => number.ToString(System.Globalization.CultureInfo.InvariantCulture);

    private static Problem? KeyProblem(string? given, AssistantSettings before, AssistantSettings settings, SecretBox secrets)
    {
        if (given is { Length: > 0 } && !secrets.HasKey)
        {
            return Problem.NoSecretsKey;
        }

        // Or an owner who never knew the key could have it sent to a server of theirs.
        return given is null && before.EncryptedKey is not null && !IsSameServer(before.Endpoint, settings.Endpoint)
            ? Problem.Member("api_key", "The key that is set is for another endpoint: enter it again, or \"\" to remove it.")
            : null;
    }

    private static bool IsSameServer(string one, string other) =>
        Uri.TryCreate(one, UriKind.Absolute, out var first)
        && Uri.TryCreate(other, UriKind.Absolute, out var second)
        && first.GetLeftPart(UriPartial.Authority) == second.GetLeftPart(UriPartial.Authority);

    // A key that is kept is encrypted anew, so that after a change of the secret saving is all it takes.
    private static string? Encrypt(string? given, string? before, string purpose, SecretBox secrets)
    {
        switch (given, before)
        {
            case ("", _) or (null, null):
                return null;
            case ({ } key, _):
                return secrets.Encrypt(key, purpose);
            default:
                try
                {
                    return secrets.Encrypt(secrets.Decrypt(before, purpose), purpose);
                }
                catch (SecretUnreadableException)
                {
                    // It stays what it is: the secret that opens it may come back.
                    return before;
                }
        }
    }
}
