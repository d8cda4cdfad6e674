using System.Buffers;
using System.Text;
using ReplyX.Messaging.Dialogs;
using ReplyX.Messaging.Redis.Replication;
using StackExchange.Redis;

namespace ReplyX.Messaging.Tests.Redis.Replication;

public sealed class ReplicaWaitTests
{
    private static readonly MessagingOptions _memory = new() { Replicas = 2, ReplicaTimeout = TimeSpan.FromMilliseconds(1_500) };
    private static readonly MessagingOptions _disk = new() { Replicas = 2, ReplicaTimeout = TimeSpan.FromMilliseconds(1_500), ReplicasOnDisk = true };

    [Fact]
    public void It_asks_for_so_many_replicas_behind_something_that_they_are_sent()
    {
        const string Publish = "*3\r\n$7\r\nPUBLISH\r\n$17\r\nreplyx:replicated\r\n$1\r\n-\r\n";
        Assert.Equal($"{Publish}*3\r\n$4\r\nWAIT\r\n$1\r\n2\r\n$4\r\n1500\r\n", Written(_memory));
        Assert.Equal($"{Publish}*4\r\n$7\r\nWAITAOF\r\n$1\r\n1\r\n$1\r\n2\r\n$4\r\n1500\r\n", Written(_disk));
    }

    [Theory]
    [InlineData(":3\r\n", true, false)]
    [InlineData(":2\r\n", true, false)]
    [InlineData(":1\r\n", false, false)]
    [InlineData("*2\r\n:1\r\n:2\r\n", false, true)]
    [InlineData("*2\r\n:0\r\n:2\r\n", false, false)]
    [InlineData("*2\r\n:1\r\n:1\r\n", false, false)]
    [InlineData("*1\r\n:2\r\n", false, false)]
    [InlineData("-UNBLOCKED force unblock from blocking operation\r\n", false, false)]
    [InlineData("$-1\r\n", false, false)]
    [InlineData("+OK\r\n", false, false)]
    public async Task Only_enough_replicas_are_enough(string reply, bool inMemory, bool onDisk)
    {
        await using var reader = new RespReader(new MemoryStream(Encoding.ASCII.GetBytes(reply)));
        var said = await reader.ReadAsync(TestContext.Current.CancellationToken);

        Assert.Equal(inMemory, new ReplicaWait(_memory).IsEnough(said));
        Assert.Equal(onDisk, new ReplicaWait(_disk).IsEnough(said));
    }

    [Theory]
    [InlineData("*2\r\n$5\r\nhe\r\no\r\n:7\r\n")]
    [InlineData("*1\r\n*2\r\n+OK\r\n$-1\r\n")]
    public async Task A_reply_is_taken_when_all_of_it_is_there(string reply)
    {
        var bytes = Encoding.ASCII.GetBytes(reply);
        await using var whole = new RespReader(new MemoryStream(bytes));
        var said = await whole.ReadAsync(TestContext.Current.CancellationToken);
        Assert.Equal(ResultType.Array, said.Result!.Resp2Type);

        await using var cut = new RespReader(new MemoryStream(bytes[..^1]));
        await Assert.ThrowsAsync<IOException>(async () => await cut.ReadAsync(TestContext.Current.CancellationToken));
    }

    private static string Written(MessagingOptions options)
    {
        var commands = new ArrayBufferWriter<byte>();
        new ReplicaWait(options).WriteTo(commands);
        return Encoding.ASCII.GetString(commands.WrittenSpan);
    }
}
