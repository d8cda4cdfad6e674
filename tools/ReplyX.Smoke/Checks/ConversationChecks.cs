using System.Globalization;
using ReplyX.Client;
using ReplyX.Smoke.Wire;

namespace ReplyX.Smoke.Checks;

/// <summary>One visitor's dialog, with a socket on every node, and what becomes of its messages.</summary>
internal sealed class ConversationChecks(
    SmokeOptions options, SmokeCredentials credentials, IReadOnlyList<Side> sides, Deadline deadline, TimeProvider time) : IAsyncDisposable
{
    private const int PageSize = 200;
    private const string Visitor = "visitor";

    /// <summary>Marks the messages of this check, in a dialog that may have those of others.</summary>
    private readonly string _mark = Guid.NewGuid().ToString("N")[..8];
    private readonly List<SmokeSocket> _sockets = [];
    private readonly List<AcknowledgedEvent> _sent = [];
    private List<VisitorSession> _sessions = [];

    private VisitorDialog Dialog => _sessions[0].Dialog;

    private long LastSent => _sent[^1].Cursor.Seq;

    /// <summary>Starts the dialog over HTTP, as a visitor's page does.</summary>
    public async Task<string> StartAsync()
    {
        var side = sides[0];
        var opened = await OpenAsync(side, credentials.GuestToken);
        var note = "";
        if (opened.Status == 401 && credentials.GuestToken is not null)
        {
            note = "; SMOKE_GUEST_TOKEN was refused, so it is a new visitor's";
            opened = await OpenAsync(side, null);
        }

        if (opened.Problem is { } problem)
        {
            throw Refused(side, "a dialog", problem);
        }

        var dialog = opened.Require();
        if (options.Front is { } front && !IsUnder(dialog.RealtimeUrl, front))
        {
            throw new CheckFailedException($"{side.Name} sends visitors to {dialog.RealtimeUrl.GetLeftPart(UriPartial.Authority)} for their sockets");
        }

        _sessions = [.. sides.Select(one => new VisitorSession(one.Api, dialog))];
        return string.Create(CultureInfo.InvariantCulture, $"dialog {dialog.Id}, {dialog.Channel.ToString().ToLowerInvariant()} path{note}");
    }

    /// <summary>Opens a socket on every node, from where the dialog's log ends.</summary>
    public async Task<string> OpenSocketsAsync()
    {
        foreach (var (side, session) in sides.Zip(_sessions))
        {
            foreach (var node in side.Nodes)
            {
                var line = new Line(options.ConnectTo);
                var socket = new SmokeSocket(node.ToString().TrimEnd('/'), line, new ReplyXConnectionOptions
                {
                    Url = new RealtimeUrls(node).Visitor(Dialog.Channel, Dialog.Id),
                    TokenProvider = session.TokenProvider,
                    Cursor = Dialog.Cursor,
                    History = session,
                    Invoker = line.Invoker,
                    TimeProvider = time,
                });
                _sockets.Add(socket);
                await socket.ConnectAsync(deadline);
                RequireGreeting(socket);
            }
        }

        var nodes = _sockets.Select(socket => socket.Node).Distinct().ToList();
        return string.Create(CultureInfo.InvariantCulture, $"{_sockets.Count} open, on {string.Join(", ", nodes)}");
    }

    /// <summary>Sends by HTTP on every side and by every socket; every socket hears all of it.</summary>
    public async Task<string> SendAsync()
    {
        await PostOnEverySideAsync();
        foreach (var socket in _sockets)
        {
            var (text, key) = Next();
            var result = await deadline.WaitAsync(
                socket.Connection.SendAsync(text, key, deadline.Token), () => $"the answer of {socket.Name} to a message over its socket");
            if (!result.Stored || result.Duplicate)
            {
                throw new CheckFailedException($"{socket.Name} did not store a message over its socket: {result.Error?.Code ?? "it says that it had it already"}");
            }

            Sent(result.Cursor, text, key);
        }

        var slowest = await UntilAllHeardAsync();
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{sides.Count} by HTTP and {_sockets.Count} by sockets, heard at {_sockets.Count} sockets; the last one {slowest.TotalMilliseconds:0} ms after its answer");
    }

    /// <summary>The first message again, under its key: on every side, and by a socket.</summary>
    public async Task<string> RepeatAsync()
    {
        var first = _sent[0];
        var text = Text(1);
        foreach (var (side, session) in sides.Zip(_sessions))
        {
            var answer = await deadline.WaitAsync(session.SendAsync(text, first.Name, deadline.Token), () => $"{side.Name} to answer");
            if (answer.Problem is { } problem)
            {
                throw Refused(side, "a message that is sent again", problem);
            }

            RequireSame(side.Name, answer.Value!.Message.Cursor, answer.Value.Duplicate);
        }

        var socket = _sockets[^1];
        var result = await deadline.WaitAsync(
            socket.Connection.SendAsync(text, first.Name, deadline.Token), () => $"the answer of {socket.Name} to a message that is sent again");
        if (result.Error is { } error)
        {
            throw new CheckFailedException($"{socket.Name} refuses a message that is sent again: {error.Code}");
        }

        RequireSame(socket.Name, result.Cursor, result.Duplicate);
        return string.Create(CultureInfo.InvariantCulture, $"sent {sides.Count + 2} times under one key, message {first.Cursor.Seq} each time");

        void RequireSame(string where, EventCursor? cursor, bool isDuplicate)
        {
            if (!isDuplicate || cursor != first.Cursor)
            {
                throw new CheckFailedException($"{where} stored a message that was sent again a second time: {first.Cursor} is {cursor} as well");
            }
        }
    }

    /// <summary>Every socket is cut; what is sent meanwhile comes to it when it is back.</summary>
    public async Task<string> ResumeAsync()
    {
        foreach (var socket in _sockets)
        {
            socket.Cut();
        }

        await PostOnEverySideAsync();
        foreach (var socket in _sockets)
        {
            socket.Mend();
        }

        foreach (var socket in _sockets)
        {
            await socket.UntilGreetedAsync(2, deadline);
            RequireGreeting(socket);
        }

        await UntilAllHeardAsync();
        return string.Create(CultureInfo.InvariantCulture, $"{_sockets.Count} sockets cut, all recovered and missed nothing of {sides.Count} messages");
    }

    /// <summary>Every node answers the heartbeat.</summary>
    public Task<string> PingAsync() => new SocketChecks(options, sides, deadline).CheckHeartbeatAsync(_sessions[0]);

    /// <summary>The answers, the history as every side tells it, and what came to every socket are the same.</summary>
    public async Task<string> CompareAsync()
    {
        List<AuditedEvent>? log = null;
        foreach (var (side, session) in sides.Zip(_sessions))
        {
            var read = await ReadHistoryAsync(side, session);
            if (log is not null && !log.SequenceEqual(read))
            {
                throw new CheckFailedException($"{sides[0].Name} and {side.Name} tell two histories of one dialog");
            }

            log ??= read;
        }

        var dialog = new AuditedDialog { Id = Dialog.Id, Log = log!, Acknowledged = _sent, Steps = [], Start = Dialog.Cursor.Seq };

        // An assistant may have answered, or another check written: those are nobody's fault.
        Require("the history", DeliveryAudit.OfLog(dialog), except: DeliveryVerdict.Phantom);
        var own = dialog.UpTo(LastSent);
        foreach (var socket in _sockets)
        {
            socket.RequireLosses(cuts: 1);
            await socket.DisposeAsync();
            List<ReceivedEvent> received = [.. socket.Received.Where(one => one.Position.Seq <= LastSent)];
            Require($"the socket on {socket.Name} (node {socket.Node})", DeliveryAudit.OfSocket(own, Dialog.Cursor.Seq, received, socket.Connection.Statistics));
        }

        return string.Create(
            CultureInfo.InvariantCulture, $"{_sent.Count} messages: answers, history and {_sockets.Count} sockets agree, each once and in order");
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var socket in _sockets)
        {
            await socket.DisposeAsync();
        }
    }

    private Task<ApiResult<VisitorDialog>> OpenAsync(Side side, string? guestToken) => deadline.WaitAsync(
        credentials.SiteToken is { } site
            ? side.Api.OpenSiteDialogAsync(site, guestToken, deadline.Token)
            : side.Api.OpenWidgetDialogAsync(credentials.AssistantId!, guestToken, deadline.Token),
        () => $"{side.Name} to start a dialog");

    private async Task PostOnEverySideAsync()
    {
        foreach (var (side, session) in sides.Zip(_sessions))
        {
            var (text, key) = Next();
            var answer = await deadline.WaitAsync(session.SendAsync(text, key, deadline.Token), () => $"{side.Name} to answer a message");
            if (answer.Problem is { } problem)
            {
                throw Refused(side, "a message", problem);
            }

            Sent(answer.Value!.Message.Cursor!.Value, text, key);
        }
    }

    private async Task<TimeSpan> UntilAllHeardAsync()
    {
        var begun = time.GetTimestamp();
        foreach (var socket in _sockets)
        {
            await socket.UntilHeardAsync(LastSent, deadline);
        }

        return time.GetElapsedTime(begun);
    }

    private async Task<List<AuditedEvent>> ReadHistoryAsync(Side side, VisitorSession session)
    {
        var log = new List<AuditedEvent>();
        while (true)
        {
            var after = log.Count == 0 ? Dialog.Cursor.Seq : log[^1].Cursor.Seq;
            var page = await deadline.WaitAsync(session.ReadAfterAsync(after, PageSize, deadline.Token), () => $"{side.Name} to tell the history");
            if (page.Problem is { } problem)
            {
                throw Refused(side, "the history", problem);
            }

            // Only up to the last message of ours: others may write on.
            log.AddRange(page.Value!.Items
                .Where(item => item.Cursor!.Value.Seq <= LastSent)
                .Select(item => new AuditedEvent(item.Cursor!.Value, EventContent.Of(item) ?? "")));
            if (!page.Value.HasMore || page.Value.Items.Count == 0 || (log.Count > 0 && log[^1].Cursor.Seq >= LastSent))
            {
                return log;
            }
        }
    }

    private void RequireGreeting(SmokeSocket socket)
    {
        if (!socket.IsRecovered)
        {
            throw new CheckFailedException($"{socket.Name} (node {socket.Node}) did not resume at a place that the log holds");
        }

        if (options.ExpectedNodes.Count > 0 && !options.ExpectedNodes.Contains(socket.Node))
        {
            throw new CheckFailedException($"a socket through {socket.Name} came to node {socket.Node}, which is none of those expected");
        }
    }

    private static void Require(string whose, DeliveryAudit audit, DeliveryVerdict? except = null)
    {
        if (audit.Findings.FirstOrDefault(finding => finding.Verdict != except) is { } finding)
        {
            throw new CheckFailedException($"{whose}: {finding.Verdict.ToString().ToLowerInvariant()}, {finding.What}");
        }
    }

    private static CheckFailedException Refused(Side side, string what, ApiProblem problem)
        => problem.Status == 0
            ? new CheckFailedException($"{side.Name} does not answer: {problem.Detail}", isUnreachable: true)
            : new CheckFailedException(string.Create(CultureInfo.InvariantCulture, $"{side.Name} refuses {what}: {problem.Status} {problem.Code}"));

    private static bool IsUnder(Uri socket, Uri front)
        => socket.Host.Equals(front.Host, StringComparison.OrdinalIgnoreCase) && socket.Port == front.Port
            && socket.Scheme is "wss" or "https" == front.Scheme is "https";

    private (string Text, string Key) Next()
    {
        var number = _sent.Count + 1;
        return (Text(number), string.Create(CultureInfo.InvariantCulture, $"smoke-{_mark}-{number}"));
    }

    // Not ASCII only: what is cut or decoded wrongly on the way shows.
    private string Text(int number) => string.Create(CultureInfo.InvariantCulture, $"Check {_mark}, message {number} · проверка 🚲");

    private void Sent(EventCursor cursor, string text, string key) => _sent.Add(new AcknowledgedEvent(cursor, EventContent.Message("user", text), Visitor, key));
}
