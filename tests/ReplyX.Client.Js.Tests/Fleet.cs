using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using ReplyX.Testing;

namespace ReplyX.Client.Js.Tests;

/// <summary>A node process with many JavaScript clients, which says on its output what each of them got and had acknowledged.</summary>
internal sealed class Fleet : IAsyncDisposable
{
    private static readonly JsonSerializerOptions _json = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    private readonly Process _process;
    private readonly Task _reading;
    private readonly Task<string> _errors;
    private readonly ConcurrentDictionary<string, FleetReader> _readers = new();
    private readonly ConcurrentDictionary<string, AcknowledgedMessage> _acknowledged = new();
    private readonly ConcurrentQueue<string> _faults = new();
    private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _quiet = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private Fleet(Process process)
    {
        _process = process;
        _reading = ReadAsync();
        _errors = process.StandardError.ReadToEndAsync();
    }

    /// <summary>All clients that there were, those of pages that were reloaded meanwhile included.</summary>
    public IReadOnlyCollection<FleetReader> Readers => [.. _readers.Values];

    public IReadOnlyCollection<AcknowledgedMessage> Acknowledged => [.. _acknowledged.Values];

    /// <summary>What must not happen, in words.</summary>
    public IReadOnlyCollection<string> Faults => [.. _faults];

    /// <summary>Starts it and waits until all its clients are connected.</summary>
    public static async Task<Fleet> StartAsync(Uri api, int seed, int dialogs)
    {
        var start = await NodeTool.PrepareAsync("test/fleet.js");
        start.RedirectStandardInput = start.RedirectStandardOutput = start.RedirectStandardError = true;
        start.Environment["REPLYX_API"] = api.ToString();
        start.Environment["REPLYX_SEED"] = seed.ToString(CultureInfo.InvariantCulture);
        start.Environment["REPLYX_DIALOGS"] = dialogs.ToString(CultureInfo.InvariantCulture);
        var fleet = new Fleet(Process.Start(start)!);
        await fleet.WaitAsync(fleet._ready.Task, "all clients to be connected");
        return fleet;
    }

    /// <summary>Nothing new is written; waits until all that was written is acknowledged.</summary>
    public async Task StopWritingAsync()
    {
        await _process.StandardInput.WriteLineAsync("stop");
        await WaitAsync(_quiet.Task, "all messages to be acknowledged", TimeSpan.FromSeconds(90));
    }

    /// <summary>Closes all clients. The process then ends by itself, since they leave nothing behind.</summary>
    public async Task CloseAsync()
    {
        await _process.StandardInput.WriteLineAsync("close");
        await _process.WaitForExitAsync().Within("node to end by itself", TimeSpan.FromSeconds(20));
        await _reading;
        Assert.True(_process.ExitCode == 0, $"node ended with {_process.ExitCode}: {await _errors}");
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
    }

    private async Task WaitAsync(Task wanted, string what, TimeSpan? limit = null)
    {
        await Task.WhenAny(wanted, _reading).Within(what, limit);
        if (!wanted.IsCompleted)
        {
            await _reading; // Throws where a line could not be read, and not the process but the reading came to its end.
            await _process.WaitForExitAsync().Within("node to end");
            Assert.Fail($"node ended with {_process.ExitCode} while the test waited for {what}: {await _errors}");
        }

        await wanted;
    }

    private async Task ReadAsync()
    {
        while (await _process.StandardOutput.ReadLineAsync() is { } line)
        {
            Take(JsonSerializer.Deserialize<FleetLine>(line, _json)!);
        }
    }

    private void Take(FleetLine line)
    {
        switch (line.Kind)
        {
            case "ready":
                _ready.TrySetResult();
                break;
            case "quiet":
                _quiet.TrySetResult();
                break;
            case "reader":
                _readers[line.Client!] = new FleetReader(line.Client!, line.Dialog);
                break;
            case "event":
                _readers[line.Client!].Add(line.Event!);
                break;
            case "reset":
                _faults.Enqueue($"{line.Client} had to start over, and the log was never lost");
                break;
            case "closed":
                _readers[line.Client!].IsClosed = true;
                break;
            case "sent":
                var sent = new AcknowledgedMessage(line.Dialog, line.Author!, line.Number, line.ClientId!, line.Text!, EventCursor.Parse(line.Cursor!));
                if (_acknowledged.GetOrAdd(line.ClientId!, sent) != sent)
                {
                    _faults.Enqueue($"{sent.Key} was acknowledged as {_acknowledged[sent.Key].Cursor} and, to {line.Client}, as {sent.Cursor}");
                }

                break;
            default:
                _faults.Enqueue($"{line.Client}: {line.Kind} {line.Text}");
                break;
        }
    }

    private sealed record FleetLine
    {
        [JsonRequired]
        public required string Kind { get; init; }

        public string? Client { get; init; }

        public long Dialog { get; init; }

        public string? Author { get; init; }

        public int Number { get; init; }

        public string? ClientId { get; init; }

        public string? Text { get; init; }

        public string? Cursor { get; init; }

        public FleetEvent? Event { get; init; }
    }
}

/// <summary>A message as its author's clients had it acknowledged.</summary>
internal sealed record AcknowledgedMessage(long Dialog, string Author, int Number, string Key, string Text, EventCursor Cursor);

/// <summary>A stored event as a client gave it to its page.</summary>
internal sealed record FleetEvent(string Type, long DialogId, string Cursor, string? Sender, string? Text, string? Handoff);

/// <summary>One client: what its page got.</summary>
internal sealed class FleetReader(string name, long dialog)
{
    private readonly Lock _lock = new();
    private readonly List<ReceivedEvent> _received = [];

    public string Name => name;

    public long Dialog => dialog;

    /// <summary>Whether its page was closed, so that nothing more is due to it.</summary>
    public bool IsClosed { get; set; }

    public IReadOnlyList<ReceivedEvent> Received
    {
        get
        {
            lock (_lock)
            {
                return [.. _received];
            }
        }
    }

    public long LastSeq { get; private set; }

    public void Add(FleetEvent got)
    {
        var at = EventCursor.Parse(got.Cursor);
        var received = new ReceivedEvent
        {
            Position = at,
            DialogId = got.DialogId,
            EventSeq = at.Seq,
            Content = got.Type == "message" ? EventContent.Message(got.Sender, got.Text) : EventContent.Handoff(got.Handoff),
        };
        lock (_lock)
        {
            _received.Add(received);
            LastSeq = at.Seq;
        }
    }
}
