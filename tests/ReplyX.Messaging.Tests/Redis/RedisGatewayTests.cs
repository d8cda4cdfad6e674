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
    public async Task A_scan_that_a_server_refuses_for_now_is_an_outage()
    {
        var host = await StartAsync(RedisKind.Redis);
        await host.Database.HashSetAsync(RedisKeys.Logins, "anna@shop.example", "acme anna");
        await host.Database.ExecuteAsync("CONFIG", "SET", "busy-reply-threshold", "1");
        await using var other = await ConnectionMultiplexer.ConnectAsync(host.Database.Multiplexer.Configuration);
        var endless = other.GetDatabase().ExecuteAsync("EVAL", "while true do end", "0");

        // Until then the server says BUSY to all else.
        await Assert.ThrowsAsync<MessagingUnavailableException>(() => host.Accounts.ListAsync(TestTimeout.Token()));

        await host.Database.ExecuteAsync("SCRIPT", "KILL");
        await Assert.ThrowsAsync<RedisServerException>(() => endless);
        Assert.Equal(["acme"], await host.Accounts.ListAsync(TestTimeout.Token()));
    }
}
