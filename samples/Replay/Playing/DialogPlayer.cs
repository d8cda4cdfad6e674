using System.Diagnostics;
using ReplyX.Client;
using ReplyX.Samples.Replay.Conversations;
using ReplyX.Samples.Replay.Judging;

namespace ReplyX.Samples.Replay.Playing;

/// <summary>Plays one conversation in a dialog of its own, and keeps the account of it.</summary>
internal sealed class DialogPlayer(Stage stage, Conversation conversation, int number)
{
    /// <summary>Enough for a burst to be one; the server stores one socket's messages in their order.</summary>
    private const int SendsInFlight = 16;

    private readonly Random _random = new(HashCode.Combine(stage.Options.Seed, number));
    private readonly List<SentEvent> _sent = [];
    private readonly List<HandoffState> _steps = [];
    private readonly Lock _lock = new();
    private readonly OperatorSession _operator = stage.Operators[number % stage.Operators.Count];

    /// <summary>Plays it.</summary>
    /// <exception cref="ReplayException">The server refused something that it should have taken.</exception>
    internal async Task<DialogRecord> PlayAsync(CancellationToken cancellationToken)
    {
        var visitor = new VisitorSession(stage.Api, await OpenAsync(cancellationToken));
        var dialog = visitor.Dialog;
        var sockets = Sockets(visitor);
        try
        {
            await Task.WhenAll(sockets.All.Select(s => s.StartAsync(stage.Options.Patience, cancellationToken)));
            await PlayLinesAsync(visitor, sockets, cancellationToken);

            var log = await ReadLogAsync(dialog, cancellationToken);
            var head = log.Count == 0 ? 0 : log[^1].Seq;
            await Task.WhenAll(sockets.All.Select(s => s.UntilAsync(head, stage.Options.Patience, cancellationToken)));
            await Task.Delay(stage.Options.Linger, cancellationToken);
            return new DialogRecord
            {
                Conversation = conversation.Name,
                DialogId = dialog.Id,
                Start = dialog.Cursor,
                Sent = _sent,
                Steps = _steps,
                Log = log,
                Sockets = await Task.WhenAll(sockets.All.Select(s => s.StopAsync())),
            };
        }
        finally
        {
            await Task.WhenAll(sockets.All.Select(s => s.DisposeAsync().AsTask()));
        }
    }

    private async Task<VisitorDialog> OpenAsync(CancellationToken cancellationToken)
    {
        var opened = conversation.Channel == DialogChannel.Site
            ? await stage.Api.OpenSiteDialogAsync(stage.SiteToken, guestToken: null, cancellationToken)
            : await stage.Api.OpenWidgetDialogAsync(stage.Options.AssistantId, guestToken: null, cancellationToken);
        return opened.Value ?? throw Refused("opening a dialog", opened.Problem!);
    }

    private Cast Sockets(VisitorSession visitor)
    {
        var realtime = RealtimeUrls.SameServiceAs(visitor.Dialog.RealtimeUrl);
        var count = stage.Options.SocketsPerSide;
        return new Cast(
            [.. Enumerable.Range(1, count).Select(i => new SocketRecorder($"{conversation.Name} visitor {i}", With(visitor.ConnectionOptions())))],
            [.. Enumerable.Range(1, count).Select(i => new SocketRecorder(
                $"{conversation.Name} operator {i}", With(_operator.DialogOptions(realtime, visitor.Dialog.Id, visitor.Dialog.Cursor))))]);
    }

    private static ReplyXConnectionOptions With(ReplyXConnectionOptions options) => new()
    {
        Url = options.Url,
        TokenProvider = options.TokenProvider,
        Cursor = options.Cursor,
        History = options.History,
        SendsInFlight = SendsInFlight,
    };

    private async Task PlayLinesAsync(VisitorSession visitor, Cast sockets, CancellationToken cancellationToken)
    {
        var burst = new List<Task>();
        for (var i = 0; i < conversation.Lines.Count; i++)
        {
            var line = conversation.Lines[i];
            if (line.After > TimeSpan.Zero)
            {
                await Task.WhenAll(burst);
                burst.Clear();
                await PauseAsync(line, sockets, cancellationToken);
            }

            if (line.Handoff is { } step)
            {
                await Task.WhenAll(burst);
                burst.Clear();
                await StepAsync(visitor, line.From, step, i, cancellationToken);
            }
            else
            {
                var inBurst = line.After == TimeSpan.Zero || (i + 1 < conversation.Lines.Count && conversation.Lines[i + 1].After == TimeSpan.Zero);
                burst.Add(SayAsync(visitor, sockets, line, i, inBurst, cancellationToken));
            }
        }

        await Task.WhenAll(burst);
    }

    private async Task PauseAsync(ConversationLine line, Cast sockets, CancellationToken cancellationToken)
    {
        var typist = line.Typing ? sockets.Of(line.From)?.Connection : null;
        await (typist?.SendTypingAsync(true) ?? Task.CompletedTask);
        var pause = line.After / stage.Options.Speed;
        if (pause > TimeSpan.Zero)
        {
            await Task.Delay(pause, cancellationToken);
        }

        await (typist?.SendTypingAsync(false) ?? Task.CompletedTask);
    }

    /// <summary>Over the author's socket or over HTTP; a burst always over one socket, which alone keeps its order.</summary>
    private async Task SayAsync(
        VisitorSession visitor, Cast sockets, ConversationLine line, int number, bool inBurst, CancellationToken cancellationToken)
    {
        var key = $"{stage.Run}.{Number}.{number}";
        var socket = inBurst || _random.Next(2) == 0 ? sockets.Of(line.From)?.Connection : null;
        var started = Stopwatch.GetTimestamp();
        var (cursor, attempts) = socket is null
            ? await PostAsync(visitor, line, key, cancellationToken)
            : await SendAsync(socket, line, key, cancellationToken);
        var answered = Stopwatch.GetTimestamp();
        lock (_lock)
        {
            _sent.Add(new SentEvent(cursor, line.Text!, SenderOf(line.From), (int)line.From, number, started, answered, attempts));
        }

        stage.LineDone();
    }

    private int Number => number;

    private async Task<(EventCursor Cursor, int Attempts)> PostAsync(
        VisitorSession visitor, ConversationLine line, string key, CancellationToken cancellationToken)
    {
        var answer = line.From == Author.Visitor
            ? await visitor.SendAsync(line.Text!, key, cancellationToken)
            : await _operator.SendAsync(visitor.Dialog.Id, line.Text!, key, line.From == Author.Assistant, cancellationToken);
        return answer.Value is { } sent ? (sent.Message.Cursor!.Value, answer.Attempts) : throw Refused($"a message of the {line.From}", answer.Problem!);
    }

    private async Task<(EventCursor Cursor, int Attempts)> SendAsync(
        ReplyXConnection socket, ConversationLine line, string key, CancellationToken cancellationToken)
    {
        var connects = socket.Statistics.Connects;
        var answer = await socket.SendAsync(line.Text!, key, cancellationToken);
        return answer.Stored
            ? (answer.Cursor, answer.Duplicate || socket.Statistics.Connects > connects ? 2 : 1)
            : throw new ReplayException($"{conversation.Name}: a message of the {line.From} was refused: {answer.Error.Code} {answer.Error.Message}");
    }

    private async Task StepAsync(VisitorSession visitor, Author by, HandoffStep step, int number, CancellationToken cancellationToken)
    {
        var key = $"{stage.Run}.{Number}.{number}";
        var answer = by == Author.Visitor
            ? await visitor.StepAsync(step, key, cancellationToken)
            : await _operator.StepAsync(visitor.Dialog.Id, step, key, cancellationToken);
        if (!answer.Succeeded)
        {
            throw Refused($"{step} by the {by}", answer.Problem);
        }

        _steps.Add(step switch
        {
            HandoffStep.Request => HandoffState.Requested,
            HandoffStep.Takeover => HandoffState.Active,
            HandoffStep.Release => HandoffState.Released,
            _ => HandoffState.Cancelled,
        });
        stage.LineDone();
    }

    private async Task<IReadOnlyList<ReplyXEvent>> ReadLogAsync(VisitorDialog dialog, CancellationToken cancellationToken)
    {
        var log = new List<ReplyXEvent>();
        var after = dialog.Cursor.Seq;
        while (true)
        {
            var answer = await _operator.ReadHistoryAsync(dialog.Id, new HistoryRange(After: after, Limit: 200), cancellationToken);
            var page = answer.Value ?? throw Refused("reading the history", answer.Problem!);
            log.AddRange(page.Items);
            if (!page.HasMore || page.Items.Count == 0)
            {
                return log;
            }

            after = page.Items[^1].Seq;
        }
    }

    private ReplayException Refused(string what, ApiProblem problem)
        => new($"{conversation.Name}: {what} was refused: {problem.Status} {problem.Code} {problem.Detail}");

    private static string SenderOf(Author author) => author switch
    {
        Author.Visitor => "user",
        Author.Assistant => "assistant",
        _ => "manager",
    };

    /// <summary>The sockets of a dialog.</summary>
    private sealed record Cast(IReadOnlyList<SocketRecorder> Visitors, IReadOnlyList<SocketRecorder> Operators)
    {
        internal IEnumerable<SocketRecorder> All => Visitors.Concat(Operators);

        /// <summary>The one that an author writes on; the assistant has none.</summary>
        internal SocketRecorder? Of(Author author) => author switch
        {
            Author.Visitor => Visitors[0],
            Author.Operator => Operators[0],
            _ => null,
        };
    }
}
