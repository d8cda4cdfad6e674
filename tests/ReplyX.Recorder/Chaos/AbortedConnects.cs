using ReplyX.Client;
using ReplyX.Recorder.Sockets;
using ReplyX.Recorder.Traffic;
using ReplyX.Testing;

namespace ReplyX.Recorder.Chaos;

/// <summary>
/// Visitors give up amid a connect, each at another step, while their node's Redis stalls for longer than a SUBSCRIBE is waited for,
/// and come again. Then nothing may be lost: not for those who came again, not for who was there before, and not for who comes later.
/// </summary>
internal sealed class AbortedConnects(SideStage stage, Fault fault, Action pulse)
{
    /// <summary>Half of them reset. What goes wrong hangs on moments: more visitors meet more of them.</summary>
    private const int VisitorsOfAStep = 4;
    private const int MostAborts = 3;
    private const int Messages = 3;

    private static readonly TimeSpan _attemptsIn = TimeSpan.FromSeconds(1.5);

    /// <summary>While the SUBSCRIBE of the first attempt is still under way: it is given up after 5 s.</summary>
    private static readonly TimeSpan _returnsWithin = TimeSpan.FromSeconds(3.5);

    /// <summary>Long enough to be gone amid the handshake.</summary>
    private static readonly TimeSpan _shortLinger = TimeSpan.FromMilliseconds(8);

    /// <summary>Long enough for a node to wait for its SUBSCRIBE.</summary>
    private static readonly TimeSpan _longLinger = TimeSpan.FromMilliseconds(500);

    private readonly Random _random = new(fault.Seed);

    public async Task RunAsync()
    {
        var cases = await PlanAsync();
        await Task.WhenAll(cases.Select(one => one.Other?.StartAsync() ?? Task.CompletedTask)).Within("sockets to connect before Redis stalls");

        var end = Task.Delay(fault.Length);
        stage.Cluster.RedisWays[fault.Replica].HoldRequests("", end);
        stage.Cluster.RedisWays[1 - fault.Replica].HoldRequests("SUBSCRIBE", end);
        pulse();
        var returning = Task.WhenAll(cases.Select(GiveUpAndReturnAsync));
        await end;

        await Task.WhenAll(cases.Select(one => SendAsync(one.Dialog)));
        await returning.Within("visitors to come again after Redis stalled");
        await stage.Cluster.UntilHealthyAsync("both replicas to be ready after Redis stalled");
        await stage.UntilDeliveredAsync([.. cases.SelectMany(one => one.Sockets)]);

        // Who comes now must not find what those before left.
        await Task.WhenAll(cases.Select(one => one.Next.StartAsync())).Within("sockets to connect after Redis stalled");
        await Task.WhenAll(cases.Select(one => SendAsync(one.Dialog)));
        await stage.UntilDeliveredAsync([.. cases.SelectMany(one => one.Sockets), .. cases.Select(one => (one.Dialog, one.Next))]);
        await stage.CloseAsync(cases.SelectMany(one => one.Sockets).Select(s => s.Socket).Concat(cases.Select(one => one.Next)));

        // Looked at now: a kill of Redis or of the replica would wipe it away.
        await stage.Leaks.CheckAsync(
            "dialogs with aborted connects", LeakedSubscriptions.Patience, [.. cases.Select(one => one.Dialog.Id)]);
    }

    private async Task<IReadOnlyList<Case>> PlanAsync()
    {
        var cases = new List<Case>();
        foreach (var replica in stage.Cluster.Replicas)
        {
            foreach (var step in Enum.GetValues<ConnectStep>())
            {
                foreach (var byReset in Enumerable.Range(0, VisitorsOfAStep).Select(i => i % 2 == 1))
                {
                    var dialog = await stage.OpenDialogAsync();
                    var abort = new AbortedConnect(step, byReset);
                    var url = SideStage.On(replica, dialog);
                    cases.Add(new Case(
                        dialog,
                        abort,
                        new UriBuilder(url) { Query = $"cursor={dialog.Visitor.Dialog.Cursor}" }.Uri,
                        [.. Enumerable.Range(0, _random.Next(1, MostAborts + 1)).Select(_ => (Share(_attemptsIn), Share(_random.Next(2) == 0 ? _shortLinger : _longLinger)))],
                        Share(_returnsWithin),
                        new Random(_random.Next()),
                        _random.Next(3) == 0 ? Socket(dialog, replica, abort, url, "there before", EventCursor.Start) : null,
                        Socket(dialog, replica, abort, url, "that came again", dialog.Visitor.Dialog.Cursor),
                        Socket(dialog, replica, abort, url, "that came later", start: null)));
                }
            }
        }

        return cases;
    }

    private RawSocket Socket(RecordedDialog dialog, ServiceProcess replica, AbortedConnect abort, Uri url, string who, EventCursor? start)
        => stage.Add(dialog, $"socket {who}, after connects {abort} on {replica.Name}", url, start, _random);

    private async Task GiveUpAndReturnAsync(Case one)
    {
        var token = await one.Dialog.Visitor.TokenProvider(TokenNeed.First, CancellationToken.None) ?? throw new InvalidOperationException("there is no token");
        await Task.WhenAll(one.Aborts.Select(async abort =>
        {
            await Task.Delay(abort.At);
            await one.Abort.RunAsync(one.Url, token, one.Random, abort.Linger, patience: fault.Length);
        }));
        await Task.Delay(one.Returns);
        await one.Again.StartAsync();
    }

    private async Task SendAsync(RecordedDialog dialog)
    {
        for (var i = 0; i < Messages; i++)
        {
            await stage.SendAsync(dialog, Texts.Next(new Random(fault.Seed + i), $"after a stall {i}"));
        }
    }

    private TimeSpan Share(TimeSpan most) => most * _random.NextDouble();

    /// <summary>One visitor.</summary>
    /// <param name="Dialog">The dialog; one of its own.</param>
    /// <param name="Abort">How the visitor gives up.</param>
    /// <param name="Url">Where.</param>
    /// <param name="Aborts">When after the stall's begin, and how long after the step.</param>
    /// <param name="Returns">How long after that the visitor comes again.</param>
    /// <param name="Random">Decides the rest.</param>
    /// <param name="Other">A socket that was there before; null for none.</param>
    /// <param name="Again">The socket of the visitor who comes again.</param>
    /// <param name="Next">One that comes when all is well.</param>
    private sealed record Case(
        RecordedDialog Dialog,
        AbortedConnect Abort,
        Uri Url,
        IReadOnlyList<(TimeSpan At, TimeSpan Linger)> Aborts,
        TimeSpan Returns,
        Random Random,
        RawSocket? Other,
        RawSocket Again,
        RawSocket Next)
    {
        public IEnumerable<(RecordedDialog Dialog, RawSocket Socket)> Sockets
            => Other is { } other ? [(Dialog, other), (Dialog, Again)] : [(Dialog, Again)];
    }
}
