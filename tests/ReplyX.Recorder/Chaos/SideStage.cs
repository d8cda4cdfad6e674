using System.Diagnostics;
using System.Globalization;
using ReplyX.Client;
using ReplyX.Recorder.Cluster;
using ReplyX.Recorder.Judging;
using ReplyX.Recorder.Sockets;
using ReplyX.Recorder.Traffic;
using ReplyX.Testing;

namespace ReplyX.Recorder.Chaos;

/// <summary>
/// Dialogs that a fault needs for itself, with sockets that go straight to a replica, so that nothing but the fault touches them. They
/// are judged as all others are.
/// </summary>
internal sealed class SideStage(RecorderOptions options, RecordedCluster cluster, Violations violations, TrafficCounts counts, TimeProvider time)
    : IAsyncDisposable
{
    /// <summary>The longest that an event may take to a socket that is up, or comes back by itself.</summary>
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(30);

    private readonly List<RecordedDialog> _dialogs = [];
    private readonly List<IRecordedSocket> _sockets = [];
    private readonly HashSet<IRecordedSocket> _open = [];
    private readonly Dictionary<IRecordedSocket, long> _lastDue = [];
    private ReplyXApiClient _api = null!;
    private OperatorSession _operator = null!;

    public RecordedCluster Cluster => cluster;

    public Violations Violations => violations;

    public LeakedSubscriptions Leaks { get; } = new(cluster.Redis.Servers, violations);

    public IReadOnlyList<RecordedDialog> Dialogs => _dialogs;

    /// <summary>All sockets that there were; each is closed when its fault is over.</summary>
    public IReadOnlyList<IRecordedSocket> Sockets => _sockets;

    public void Begin(ReplyXApiClient api, OperatorSession operatorSession) => (_api, _operator) = (api, operatorSession);

    public async Task<RecordedDialog> OpenDialogAsync()
    {
        var opened = (await _api.OpenWidgetDialogAsync("demo")).Require();
        var dialog = new RecordedDialog(options.Dialogs + _dialogs.Count, new VisitorSession(_api, opened), _operator);
        _dialogs.Add(dialog);
        return dialog;
    }

    /// <summary>The address of a dialog's socket on a replica.</summary>
    public static Uri On(ServiceProcess replica, RecordedDialog dialog)
        => new UriBuilder(dialog.Visitor.Dialog.RealtimeUrl) { Host = replica.Address.Host, Port = replica.Port }.Uri;

    /// <summary>A visitor's socket; it is not started.</summary>
    public RawSocket Add(RecordedDialog dialog, string name, Uri url, EventCursor? start, Random random, ReaderPause? pause = null)
    {
        var visitor = dialog.Visitor;
        var socket = new RawSocket($"{dialog}, {name}", dialog.Id, url, start, visitor.TokenProvider, visitor, new Random(random.Next()), time, pause);
        _sockets.Add(socket);
        _open.Add(socket);
        return socket;
    }

    /// <summary>Writes as the visitor until it is acknowledged.</summary>
    /// <param name="dialog">The dialog.</param>
    /// <param name="text">What.</param>
    /// <param name="author">Which of several who write at once: one author's messages are acknowledged in their order.</param>
    public async Task SendAsync(RecordedDialog dialog, string text, string author = "visitor")
    {
        var key = string.Create(CultureInfo.InvariantCulture, $"d{dialog.Number}-{author}-{Guid.NewGuid():N}");
        var clock = Stopwatch.StartNew();
        while (true)
        {
            var result = await dialog.Visitor.SendAsync(text, key);
            counts.Attempted(result.Attempts);
            if (result.Value is { } sent)
            {
                dialog.Sent.Enqueue(new AcknowledgedEvent(sent.Message.Cursor!.Value, EventContent.Message("user", text), author, key));
                counts.Acknowledged();
                return;
            }

            if (clock.Elapsed > TestTimeout.Default)
            {
                violations.Add(ViolationKind.NotSent, $"{dialog}: {key} was not acknowledged in time: {result.Status} {result.Problem!.Code}");
                return;
            }
        }
    }

    /// <summary>Waits until sockets have all that was acknowledged in their dialogs.</summary>
    /// <param name="sockets">The sockets, with their dialogs.</param>
    /// <returns>Those that did not get it in time; that is added to the violations.</returns>
    public async Task<IReadOnlyList<IRecordedSocket>> UntilDeliveredAsync(IReadOnlyList<(RecordedDialog Dialog, RawSocket Socket)> sockets)
    {
        var clock = Stopwatch.StartNew();
        var late = new List<IRecordedSocket>();
        foreach (var (dialog, socket) in sockets)
        {
            while (socket.Timeline.LastSeq < dialog.LastSent && clock.Elapsed < _patience)
            {
                await Task.Delay(20);
            }

            if (socket.Timeline.LastSeq < dialog.LastSent)
            {
                late.Add(socket);
                violations.Add(
                    ViolationKind.Lost,
                    $"{socket.Name}: event {dialog.LastSent} was acknowledged {clock.Elapsed.TotalSeconds:0} s ago and all is well since; it is "
                    + $"{(socket.Timeline.Node is { } node ? $"up on {node}" : "down")} and has {socket.Timeline.LastSeq}");
            }
        }

        return late;
    }

    /// <summary>Closes sockets. What is written to their dialogs from now on, by a later fault, is not for them.</summary>
    public Task CloseAsync(IEnumerable<IRecordedSocket> sockets)
    {
        var closing = sockets.Where(_open.Remove).ToList();
        foreach (var socket in closing)
        {
            _lastDue[socket] = _dialogs.Single(dialog => dialog.Id == socket.DialogId).LastSent;
        }

        return Task.WhenAll(closing.Select(socket => socket.DisposeAsync().AsTask()));
    }

    /// <summary>What a socket should have got of its dialog.</summary>
    public AuditedDialog DueAt(IRecordedSocket socket, AuditedDialog dialog) => dialog.UpTo(_lastDue[socket]);

    public async ValueTask DisposeAsync() => await CloseAsync([.. _open]);
}
