using Microsoft.Extensions.DependencyInjection;
using ReplyX.Messaging.Redis;
using ReplyX.Testing;

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
}
