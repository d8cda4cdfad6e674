using System.Globalization;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using ReplyX.Messaging.Accounts;
using ReplyX.Messaging.Archive;
using ReplyX.Messaging.Assistants;
using ReplyX.Messaging.Dialogs;
using ReplyX.Messaging.Redis;
using ReplyX.Messaging.Streams;

namespace ReplyX.Messaging.Data;

/// <summary>
/// Writes an export: one JSON document, in parts that lie in Redis, where every process reaches them. It is written section by section, and
/// in each from an element to the next, never from memory of what came before.
/// </summary>
internal sealed partial class DataExport(
    RedisGateway redis,
    JobDialogs found,
    DialogDirectory dialogs,
    DialogLog log,
    AccountDirectory accounts,
    AssistantDirectory assistants,
    InvitationBook invitations,
    OperatorSessions sessions,
    AuditLog audit,
    RetentionSettings retention,
    TimeProvider time,
    IOptions<DataOptions> options,
    ILogger<DataExport> logger)
{
    private const int AtOnce = 100;

    // A section's name in a job's record is never '': that is where a job begins.
    private const string Sites = "sites";
    private const string Operators = "operators";
    private const string Invitations = "invitations";
    private const string QuickReplies = "quick_replies";
    private const string Audit = "audit";
    private const string Dialogs = "dialogs";
    private const string End = "end";

    public async Task<JobStep> RunAsync(DataJobLease lease, CancellationToken cancellationToken)
    {
        var buffer = new ExportBuffer(lease, options.Value);
        while (buffer.Section != End)
        {
            await WriteAsync(lease, buffer, cancellationToken);
            if (buffer.IsTooLarge)
            {
                return new JobStep(DataJobFailure.TooLarge);
            }
        }

        if (!await buffer.SaveAsync(anyway: true, cancellationToken))
        {
            return new JobStep(DataJobFailure.TooLarge);
        }

        // All parts go at one time, whenever they were written.
        var until = time.GetUtcNow() + options.Value.ResultLifetime;
        for (var number = 0L; number < lease.Number(DataJobRecord.Parts); number++)
        {
            var key = RedisKeys.DataJobPart(lease.Account, lease.Job.Id, number);
            await redis.ExecuteAsync(database => database.KeyExpireAsync(key, options.Value.ResultLifetime), cancellationToken);
            if (number % AtOnce == 0)
            {
                await lease.SaveAsync(cancellationToken);
            }
        }

        return new JobStep(ResultKept: until);
    }

    private async Task WriteAsync(DataJobLease lease, ExportBuffer buffer, CancellationToken cancellationToken)
    {
        switch (buffer.Section)
        {
            case "":
                await BeginAsync(lease, buffer, cancellationToken);
                break;
            case Sites:
                var sites = await accounts.ListSitesAsync(lease.Account, cancellationToken);
                await WriteEachAsync(buffer, sites, site => site.Id, WriteSiteAsync, cancellationToken);
                Leave(buffer, Operators);
                break;
            case Operators:
                var people = await accounts.ListOperatorsAsync(lease.Account, cancellationToken);
                var seen = await accounts.ListSeenAsync(lease.Account, cancellationToken);
                await WriteEachAsync(buffer, people, person => person.Id, WriteOperatorAsync, cancellationToken);
                Leave(buffer, Invitations);
                break;

                async Task WriteOperatorAsync(Operator person) => buffer.Write(
                    new ExportedOperator(
                        person.Id,
                        person.Name,
                        person.Login,
                        person.Role,
                        person.CreatedAt,
                        seen.TryGetValue(person.Id, out var at) ? at : null,
                        await sessions.ListAsync(person.Account, person.Id, cancellationToken)),
                    ExportJson.Relaxed.ExportedOperator);
            case Invitations:
                foreach (var invitation in await invitations.ListAsync(lease.Account, cancellationToken))
                {
                    buffer.Separate();
                    buffer.Write(ExportedInvitation.Of(invitation), ExportJson.Relaxed.ExportedInvitation);
                }

                Leave(buffer, QuickReplies);
                break;
            case QuickReplies:
                foreach (var reply in await accounts.GetQuickRepliesAsync(lease.Account, cancellationToken))
                {
                    buffer.Separate();
                    buffer.Write(reply, ExportJson.Relaxed.QuickReply);
                }

                Leave(buffer, Audit);
                break;
            case Audit:
                await WriteAuditAsync(lease, buffer, cancellationToken);
                break;
            default:
                await WriteDialogsAsync(lease, buffer, cancellationToken);
                break;
        }

        async Task WriteSiteAsync(Site site) => buffer.Write(
            ExportedSite.Of(site, await assistants.FindAsync(new AssistantSite(site.Account, site.Id), cancellationToken)),
            ExportJson.Relaxed.ExportedSite);
    }

    private async Task BeginAsync(DataJobLease lease, ExportBuffer buffer, CancellationToken cancellationToken)
    {
        // Before anything is written, so that it is told how much there is.
        await lease.SaveAsync(cancellationToken, (DataJobRecord.Total, await found.FindAsync(lease, cancellationToken)));
        var account = await accounts.GetAccountAsync(lease.Account, cancellationToken);
        buffer.Write("{\"format\":\"replyx-export\",\"version\":1,\"created_at\":");
        buffer.Write(lease.Job.CreatedAt, ExportJson.Relaxed.DateTimeOffset);
        buffer.Write(",\"account\":");
        buffer.Write(ExportedAccount.Of(account, await retention.GetAsync(account.Id, cancellationToken)), ExportJson.Relaxed.ExportedAccount);
        if (lease.Job.VisitorId is { } visitor)
        {
            buffer.Write(",\"visitor_id\":");
            buffer.Write(visitor, ExportJson.Relaxed.String);
            Enter(buffer, Dialogs);
        }
        else
        {
            Enter(buffer, Sites);
        }
    }

    private static void Enter(ExportBuffer buffer, string section)
    {
        buffer.Write($",\"{section}\":[");
        buffer.Enter(section);
    }

    private static void Leave(ExportBuffer buffer, string next)
    {
        if (!buffer.IsTooLarge)
        {
            buffer.Write("]");
            Enter(buffer, next);
        }
    }

    private static async Task WriteEachAsync<T>(
        ExportBuffer buffer, IEnumerable<T> elements, Func<T, string> idOf, Func<T, Task> write, CancellationToken cancellationToken)
    {
        foreach (var element in elements.OrderBy(idOf, StringComparer.Ordinal).SkipWhile(element => string.CompareOrdinal(idOf(element), buffer.After) <= 0))
        {
            buffer.Separate();
            await write(element);
            buffer.After = idOf(element);
            if (!await buffer.SaveAsync(anyway: false, cancellationToken))
            {
                return;
            }
        }
    }

    private async Task WriteAuditAsync(DataJobLease lease, ExportBuffer buffer, CancellationToken cancellationToken)
    {
        string? next = buffer.After.Length == 0 ? null : buffer.After;
        do
        {
            var page = await audit.ReadAsync(lease.Account, next, AtOnce, cancellationToken);
            foreach (var entry in page?.Items ?? [])
            {
                buffer.Separate();
                buffer.Write(ExportedChange.Of(entry), ExportJson.Relaxed.ExportedChange);
            }

            next = page?.Next;
            buffer.After = next ?? buffer.After;
            if (next is not null && !await buffer.SaveAsync(anyway: false, cancellationToken))
            {
                return;
            }
        }
        while (next is not null);
        Leave(buffer, Dialogs);
    }

    private async Task WriteDialogsAsync(DataJobLease lease, ExportBuffer buffer, CancellationToken cancellationToken)
    {
        while (true)
        {
            // One that is written in part is met again: its number is noted when it is whole.
            var after = buffer.After.Length == 0 ? 0 : long.Parse(buffer.After, CultureInfo.InvariantCulture);
            var page = await found.ReadAsync(lease, after, AtOnce, cancellationToken);
            if (page.Count == 0)
            {
                buffer.Write("]}\n");
                buffer.Enter(End);
                return;
            }

            foreach (var dialog in page)
            {
                if (!await TryWriteAsync(dialog, buffer, cancellationToken))
                {
                    return;
                }

                buffer.After = dialog.DialogId.ToString(CultureInfo.InvariantCulture);
                buffer.Seq = 0;
                buffer.Dialogs++;
                if (!await buffer.SaveAsync(anyway: false, cancellationToken))
                {
                    return;
                }
            }

            await lease.SaveAsync(cancellationToken);
        }
    }

    /// <returns>Whether the export may go on.</returns>
    private async Task<bool> TryWriteAsync(StreamKey key, ExportBuffer buffer, CancellationToken cancellationToken)
    {
        if (buffer.Seq == 0)
        {
            if (await dialogs.FindAsync(key, cancellationToken) is not { } dialog)
            {
                // It has reached its age meanwhile.
                return true;
            }

            var header = JsonSerializer.SerializeToUtf8Bytes(ExportedDialog.Of(dialog), ExportJson.Relaxed.ExportedDialog);
            buffer.Separate();
            buffer.Write(header.AsSpan(..^1));
            buffer.Write(",\"events\":[");
        }

        var isWhole = true;
        try
        {
            LogPage page;
            do
            {
                page = await log.ReadFromAsync(key, buffer.Seq + 1, AtOnce, cancellationToken);
                foreach (var entry in page.Entries)
                {
                    if (buffer.Seq > 0)
                    {
                        buffer.Write(",");
                    }

                    buffer.Write(entry.Payload.Span);
                    buffer.Seq = entry.Seq;
                }

                // Without an event it would not be known that the dialog is begun.
                if (buffer.Seq > 0 && !await buffer.SaveAsync(anyway: false, cancellationToken))
                {
                    return false;
                }
            }
            while (page.HasMore);
        }
        catch (ArchiveDamagedException exception)
        {
            // The rest of the document is none the worse for it.
            isWhole = false;
            Log.Damaged(logger, key, exception.Message);
        }

        buffer.Write(isWhole ? "],\"complete\":true}" : "],\"complete\":false}");
        return true;
    }

    private static partial class Log
    {
        [LoggerMessage(EventId = 1, Level = LogLevel.Error, Message = "{Dialog} is exported in part: {Reason}")]
        public static partial void Damaged(ILogger logger, StreamKey dialog, string reason);
    }
}
