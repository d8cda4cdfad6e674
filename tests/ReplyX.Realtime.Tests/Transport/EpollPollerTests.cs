using System.Runtime.Versioning;
using Microsoft.Extensions.Logging.Abstractions;
using ReplyX.Realtime.Listening;
using ReplyX.Realtime.Transport;

namespace ReplyX.Realtime.Tests.Transport;

[SupportedOSPlatform("linux")]
public sealed class EpollPollerTests
{
    private const int NoDescriptor = 1_000_000;

    [Fact]
    public void A_descriptor_that_cannot_be_watched_takes_no_place_and_nobody_else_s()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "epoll(7) is Linux's");
        using var loop = new ListeningLoop(TimeProvider.System, NullLogger.Instance);
        var poller = (EpollPoller)loop.Poller;
        var (first, second) = (new Target(), new Target());
        var (firstWaker, secondWaker) = (Epoll.CreateWaker(), Epoll.CreateWaker());
        Assert.Equal(0, poller.Add(firstWaker, first));

        var transport = new DescriptorTransport(loop, NoDescriptor);
        Assert.Throws<IOException>(() => transport.Start(null!));
        transport.Close();

        Assert.Equal(1, poller.Add(secondWaker, second));
        Epoll.Wake(firstWaker);
        Epoll.Wake(secondWaker);
        poller.Wait(block: true);
        Assert.True(first.IsTold);
        Assert.True(second.IsTold);
        _ = Epoll.Close(firstWaker);
        _ = Epoll.Close(secondWaker);
    }

    private sealed class Target : IPollTarget
    {
        public bool IsTold { get; private set; }

        public void OnReady(uint events) => IsTold |= (events & Epoll.In) != 0;
    }
}
