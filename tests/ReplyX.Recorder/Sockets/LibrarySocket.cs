using ReplyX.Client;

namespace ReplyX.Recorder.Sockets;

/// <summary>A socket of the client library, with its own reconnects.</summary>
internal sealed class LibrarySocket(string name, long? dialogId, ReplyXConnectionOptions options) : IRecordedSocket
{
    private Task _reading = Task.CompletedTask;
    private bool _stopped;

    public string Name => name;

    public long? DialogId => dialogId;

    public Timeline Timeline { get; } = new(options.TimeProvider);

    public ReplyXConnection Connection { get; } = new(options);

    public ConnectionStatistics Repairs => Connection.Statistics;

    public string? End => Connection.End is { } end && !_stopped ? $"{end.Reason} {end.CloseCode} {end.HttpStatus} {end.Detail}" : null;

    public Task StartAsync()
    {
        _reading = ReadAsync();
        return Connection.ConnectAsync();
    }

    public async ValueTask DisposeAsync()
    {
        _stopped = End is null;
        await Connection.DisposeAsync();
        await _reading;
    }

    private async Task ReadAsync()
    {
        await foreach (var next in Connection.ReadEventsAsync())
        {
            switch (next)
            {
                case ConnectedEvent greeting:
                    Timeline.Connected(greeting.Position, greeting.Recovered, greeting.Node);
                    break;
                case DisconnectedEvent lost:
                    Timeline.Lost(lost.CloseCode, lost.HttpStatus, lost.Reason);
                    break;
                case GapEvent gap:
                    Timeline.Gap(gap.Before - 1, gap.Reason.ToString());
                    break;
                case { Cursor: not null }:
                    Timeline.Event(ReceivedEvent.Of(next), next.Timestamp, fromHistory: next.ReceivedTimestamp == 0);
                    break;
            }
        }
    }
}
