using ReplyX.Messaging.Dialogs;
using ReplyX.Messaging.Redis;
using ReplyX.Messaging.Streams;
using ReplyX.Testing;

namespace ReplyX.Messaging.Tests.Redis;

/// <summary>An answer on a connection that is out of step belongs to another command, and must not pass for one's own.</summary>
public sealed class MixedUpRepliesTests : IAsyncLifetime
{
    private RedisServer _server = null!;
    private LossyProxy _proxy = null!;
    private MessagingHost _messaging = null!;
    private StreamKey _dialog;

    public async ValueTask InitializeAsync()
    {
        _server = await RedisServer.StartAsync(RedisKind.Garnet);
        _proxy = new LossyProxy(_server.Port);
        _messaging = await MessagingHost.ConnectAsync($"127.0.0.1:{_proxy.Port}");
        _dialog = await _messaging.OpenDialogAsync();

        // From here on each script is one command and one answer: they are loaded.
        await _messaging.SendAsync(_dialog, "c1", "hello");
        await _messaging.ReadAllAsync(_dialog);
        await MarkReadAsync();
    }

    [Fact]
    public async Task An_append_is_not_acknowledged_by_the_answer_to_another() =>
        await IsUnknownAsync(
            () => _messaging.SendAsync(_dialog, "c2", "the one whose answer is lost"),
            () => _messaging.SendAsync(_dialog, "c3", "the one whose answer comes instead"));

    [Fact]
    public async Task A_page_is_not_read_from_the_answer_to_another_reading()
    {
        var other = await _messaging.OpenDialogAsync();
        await IsUnknownAsync(() => ReadAsync(_dialog), () => ReadAsync(other));
    }

    [Fact]
    public async Task A_list_is_not_read_from_an_answer_that_is_none() =>
        await IsUnknownAsync(() => _messaging.SendAsync(_dialog, "c2", "hello"), () => _messaging.Database.PingAsync());

    [Fact]
    public async Task A_number_is_not_read_from_an_answer_that_is_none() =>
        await IsUnknownAsync(MarkReadAsync, () => _messaging.Database.PingAsync());

    public async ValueTask DisposeAsync()
    {
        await _messaging.DisposeAsync();
        await _proxy.DisposeAsync();
        await _server.DisposeAsync();
    }

    private async Task IsUnknownAsync(Func<Task> command, Func<Task> next)
    {
        var lost = _proxy.LoseNextAnswer();
        var asking = command();
        await lost.Within("the answer to be lost");
        _ = next();

        await Assert.ThrowsAsync<MessagingUnavailableException>(() => asking);
    }

    private Task<LogPage> ReadAsync(StreamKey dialog) => _messaging.Log.ReadAfterAsync(dialog, Cursor.Start, 100, TestTimeout.Token());

    private Task MarkReadAsync() => _messaging.Log.MarkReadAsync(_dialog, "guest:ann", Sender.User, 1, TestTimeout.Token());
}
