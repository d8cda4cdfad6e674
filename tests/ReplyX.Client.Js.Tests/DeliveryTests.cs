using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using ReplyX.Recorder.Cluster;
using ReplyX.Testing;

namespace ReplyX.Client.Js.Tests;

/// <summary>
/// Many JavaScript clients write and read through lost connections, a killed node, a drained one and a Redis that stops, while pages are
/// reloaded. Every acknowledged message must reach every page once and in order, by the judge that the recorder uses.
/// </summary>
public sealed class DeliveryTests
{
    private const int Dialogs = 6;
    private const int PageSize = 200;
    private static readonly TimeSpan _settleLimit = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task Nothing_is_lost_doubled_or_out_of_order()
    {
        var random = Seed.Random();
        await NodeTool.PrepareAsync();
        await using var cluster = await RecordedCluster.StartAsync(RedisKind.Redis);
        using var http = new HttpClient { BaseAddress = cluster.Api.Address };
        var api = new ReplyXApiClient(http);
        var anna = new OperatorSession(api, (await api.SignInAsync("anna@demo.replyx.dev", cluster.OperatorPassword)).Require());
        await using var fleet = await Fleet.StartAsync(cluster.ApiProxy.Address, random.Next(), Dialogs);
        var dialogs = fleet.Readers.Select(reader => reader.Dialog).Distinct().ToList();
        Assert.Equal(Dialogs, dialogs.Count);

        using var stop = new CancellationTokenSource();
        var answers = new ConcurrentBag<AcknowledgedMessage>();
        var answering = AnswerAsync(anna, dialogs, answers, new Random(random.Next()), stop.Token);
        var cutting = CutAsync(cluster, new Random(random.Next()), stop.Token);
        await HarmAsync(cluster);
        await stop.CancelAsync();
        await answering;
        await cutting;
        await fleet.StopWritingAsync();

        var records = new Dictionary<long, AuditedDialog>();
        foreach (var dialog in dialogs)
        {
            records[dialog] = await RecordAsync(anna, dialog, [.. fleet.Acknowledged, .. answers]);
        }

        await UntilAllHaveAllAsync(fleet, records);
        await fleet.CloseAsync();
        var written = records.Values.Sum(record => record.Acknowledged.Count);
        var findings = Findings(fleet, records).ToList();
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"{written} messages acknowledged, {fleet.Readers.Count} clients, {fleet.Readers.Sum(reader => reader.Received.Count)} events given out, {cluster.Proxy.Cuts + cluster.ApiProxy.Cuts} connections cut");
        Assert.True(findings.Count == 0, string.Join('\n', findings.Take(20)));
        Assert.True(written > 100, $"only {written} messages were acknowledged");
    }

    /// <summary>An operator answers meanwhile, over HTTP and past the cuts.</summary>
    private static async Task AnswerAsync(
        OperatorSession anna, List<long> dialogs, ConcurrentBag<AcknowledgedMessage> answers, Random random, CancellationToken stop)
    {
        for (var number = 1; !stop.IsCancellationRequested; number++)
        {
            var dialog = dialogs[random.Next(dialogs.Count)];
            var key = string.Create(CultureInfo.InvariantCulture, $"anna-{number}");
            var text = $"Answer {number}: {new string('я', random.Next(1, 60))}";
            ApiResult<SentMessage> answer;
            do
            {
                answer = await anna.SendAsync(dialog, text, key, cancellationToken: CancellationToken.None);
            }
            while (answer.Value is null && answer.Status is 0 or >= 500);

            answers.Add(new AcknowledgedMessage(dialog, "anna", number, key, text, answer.Require().Message.Cursor!.Value));
            await Task.Delay(random.Next(20, 120), CancellationToken.None);
        }
    }

    private static async Task CutAsync(RecordedCluster cluster, Random random, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            await Task.Delay(random.Next(100, 400), CancellationToken.None);
            (random.Next(3) == 0 ? cluster.ApiProxy : cluster.Proxy).Cut(random, random.NextDouble() / 2);
        }
    }

    private static async Task HarmAsync(RecordedCluster cluster)
    {
        await Task.Delay(1_500);
        await cluster.Replicas[0].KillAsync();
        await Task.Delay(1_000);
        await cluster.Replicas[0].StartAsync();
        await cluster.UntilHealthyAsync("the killed node to be back");
        await cluster.Replicas[1].DrainAsync();
        await Task.Delay(500);
        await cluster.Replicas[1].UndrainAsync();
        await cluster.Redis.Servers[0].PauseAsync();
        await Task.Delay(1_500);
        await cluster.Redis.Servers[0].ResumeAsync();
        await cluster.UntilHealthyAsync("all to be well after Redis stopped");
        await Task.Delay(1_500);
    }

    private static async Task<AuditedDialog> RecordAsync(OperatorSession anna, long dialog, IReadOnlyCollection<AcknowledgedMessage> acknowledged)
    {
        var log = new List<AuditedEvent>();
        while (true)
        {
            var page = (await anna.ReadHistoryAsync(dialog, new HistoryRange(After: log.Count == 0 ? 0 : log[^1].Cursor.Seq, Limit: PageSize))).Require();
            log.AddRange(page.Items.Select(item => new AuditedEvent(item.Cursor!.Value, EventContent.Of(item)!)));
            if (!page.HasMore || page.Items.Count == 0)
            {
                break;
            }
        }

        return new AuditedDialog
        {
            Id = dialog,
            Log = log,
            Start = 1, // The welcome.
            Steps = [],
            Acknowledged =
            [
                .. acknowledged.Where(sent => sent.Dialog == dialog).OrderBy(sent => sent.Author, StringComparer.Ordinal).ThenBy(sent => sent.Number)
                    .Select(sent => new AcknowledgedEvent(
                        sent.Cursor, EventContent.Message(sent.Author == "anna" ? "manager" : "user", sent.Text), sent.Author, sent.Key)),
            ],
        };
    }

    private static async Task UntilAllHaveAllAsync(Fleet fleet, Dictionary<long, AuditedDialog> records)
    {
        var clock = Stopwatch.StartNew();
        while (clock.Elapsed < _settleLimit && fleet.Readers.Any(reader => !reader.IsClosed && reader.LastSeq < records[reader.Dialog].Log[^1].Cursor.Seq))
        {
            await Task.Delay(50);
        }

        // What comes twice may come late.
        await Task.Delay(500);
    }

    private static IEnumerable<string> Findings(Fleet fleet, Dictionary<long, AuditedDialog> records)
    {
        foreach (var record in records.Values)
        {
            foreach (var finding in DeliveryAudit.OfLog(record).Findings)
            {
                yield return $"dialog {record.Id}: {finding.Verdict}: {finding.What}";
            }
        }

        foreach (var reader in fleet.Readers)
        {
            // A page that was closed is due what it could have got until then; one that came later begins with the history's last page.
            var record = records[reader.Dialog];
            var received = reader.Received;
            var due = reader.IsClosed ? record with { Log = [.. record.Log.Where(e => e.Cursor.Seq <= reader.LastSeq)], Acknowledged = [] } : record;
            var from = received.Count == 0 ? 0 : received[0].Position.Seq - 1;
            foreach (var finding in DeliveryAudit.OfSocket(due, from, received).Findings)
            {
                yield return $"{reader.Name}: {finding.Verdict}: {finding.What}";
            }
        }

        foreach (var fault in fleet.Faults)
        {
            yield return fault;
        }
    }
}
