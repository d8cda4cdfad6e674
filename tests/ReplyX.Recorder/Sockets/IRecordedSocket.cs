using ReplyX.Client;

namespace ReplyX.Recorder.Sockets;

/// <summary>A socket that keeps all it gets, through all the sockets that it takes to get it.</summary>
internal interface IRecordedSocket : IAsyncDisposable
{
    string Name { get; }

    /// <summary>The dialog that it is on; null for the account's list.</summary>
    long? DialogId { get; }

    Timeline Timeline { get; }

    /// <summary>What the client library put right by itself and the wire should not have needed; nothing for one that repairs nothing.</summary>
    ConnectionStatistics Repairs { get; }

    /// <summary>Why it ended for good; null while it lives, and when it was stopped.</summary>
    string? End { get; }

    /// <summary>Connects, and goes on by itself from then on.</summary>
    Task StartAsync();
}
