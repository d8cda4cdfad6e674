using Microsoft.Extensions.DependencyInjection;
using ReplyX.Messaging.Redis;
using ReplyX.Testing;
using StackExchange.Redis;

namespace ReplyX.Messaging.Tests.Redis;

public sealed class RedisGatewayTests : MessagingTest
{
    [Fact]
    public async Task A_command_that_the_library_cancels_or_whose_socket_breaks_is_an_outage_and_one_that_the_caller_gives_up_is_not()
    {
        var host = await StartAsync(RedisKind.Garnet);
        var gateway = host.Services.GetRequiredService<RedisGateway>();
        using var caller = new CancellationTokenSource();

        // What StackExchange.Redis does to commands that a dying connection still held.
        await Assert.ThrowsAsync<MessagingUnavailableException>(
            () => gateway.ExecuteAsync<int>(_ => Task.FromCanceled<int>(new CancellationToken(canceled: true)), caller.Token));

        // What it passes on when the server ends while an answer is read.
        await Assert.ThrowsAsync<MessagingUnavailableException>(
            () => gateway.ExecuteAsync<int>(_ => Task.FromException<int>(new IOException("Connection reset by peer")), caller.Token));

        await caller.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => gateway.ExecuteAsync(_ => new TaskCompletionSource<int>().Task, caller.Token));
    }

    [Fact]
    public async Task A_scan_that_a_server_refuses_amid_it_is_an_outage()
    {
        var host = await StartAsync(RedisKind.Redis);
        await host.Database.HashSetAsync("many", [.. Enumerable.Range(0, 1_000).Select(i => new HashEntry(i, i))]);
        await host.Database.ExecuteAsync("CONFIG", "SET", "busy-reply-threshold", "1");
        await using var other = await ConnectionMultiplexer.ConnectAsync(host.Database.Multiplexer.Configuration);
        Task? endless = null;
        var limit = TestTimeout.Token();
        await Assert.ThrowsAsync<MessagingUnavailableException>(() => host.Services.GetRequiredService<RedisGateway>().ExecuteAsync(
            async database =>
            {
                await foreach (var _ in database.HashScanAsync("many", pageSize: 10))
                {
                    endless ??= other.GetDatabase().ExecuteAsync("EVAL", "while true do end", "0");

                    // From then on the server says BUSY to all else. The next page is asked for by now, so that what it said to that is here, too.
                    while (await Record.ExceptionAsync(() => database.PingAsync()) is not RedisServerException)
                    {
                        limit.ThrowIfCancellationRequested();
                    }
                }

                return true;
            },
            TestTimeout.Token()));

        await host.Database.ExecuteAsync("SCRIPT", "KILL");
        await Assert.ThrowsAsync<RedisServerException>(() => endless!);
    }
}
