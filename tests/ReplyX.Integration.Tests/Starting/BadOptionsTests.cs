using ReplyX.Integration.Tests.Hosting;

namespace ReplyX.Integration.Tests.Starting;

/// <summary>Options that cannot work end the process at once, and it says which in one line.</summary>
public sealed class BadOptionsTests
{
    private const string Realtime = "ReplyX.Realtime";
    private const string Api = "ReplyX.Api";

    // As a service manager tells "the configuration is wrong" from a crash: EX_CONFIG.
    private const int BadConfiguration = 78;

    [Theory]
    [InlineData(Realtime, "Origins__ChatHosts__0", null, "Origins:ChatHosts is empty")]
    [InlineData(Realtime, "Origins__ChatHosts__0", "chat", "Origins:ChatHosts holds 'chat'")]
    [InlineData(Realtime, "Realtime__SilenceTimeout", "00:00:25", "Realtime:SilenceTimeout")]
    [InlineData(Realtime, "Realtime__HeartbeatInterval", "00:00:34", "Realtime:HeartbeatInterval")]
    [InlineData(Realtime, "Realtime__MaxMessageBytes", "40000", "Realtime:MaxMessageBytes")]
    [InlineData(Realtime, "Realtime__MaxMessageBytes", "1048576", null)]
    [InlineData(Realtime, "Messaging__MaxTextLength", "100000", "Messaging:MaxTextLength")]
    [InlineData(Realtime, "Realtime__MaxQueuedBytes", "65535", "MaxQueuedBytes")]
    [InlineData(Realtime, "Realtime__TokenExpiryNotice", "00:15:00", "Realtime:TokenExpiryNotice")]
    [InlineData(Realtime, "Limits__SocketsPerNode", "1", "Limits:OperatorReserve")]
    [InlineData(Realtime, "Kestrel__Endpoints__Tls__Protocols", "Http2", "Kestrel:Endpoints:Tls:Protocols")]
    [InlineData(Realtime, "Proxies__Trusted__0", "0.0.0.0/0", "Proxies:Trusted")]
    [InlineData(Realtime, "Metrics__Token", null, "Metrics:Token is missing")]
    [InlineData(Realtime, "Realtime__DrainWindow", "abc", "Realtime:DrainWindow")]
    [InlineData(Realtime, "ConnectionStrings__redis", null, "ConnectionStrings:redis is missing")]
    [InlineData(Api, "ConnectionStrings__redis", "", "ConnectionStrings:redis is missing")]
    [InlineData(Api, "Archive__MinAge", "00:30:00", "Archive:MinAge")]
    [InlineData(Api, "Archive__IdleAfter", "00:30:00", "Archive:IdleAfter")]
    [InlineData(Api, "Archive__Store", "Files", "Archive:Directory is missing")]
    [InlineData(Realtime, "Archive__Store", "Disk", "Archive:Store")]
    [InlineData(Realtime, "Archive__Directory", "archive", "Archive:Directory 'archive' is not an absolute path")]
    [InlineData(Realtime, "Archive__Directory", "/proc/archive", "Archive:Directory '/proc/archive' cannot be used")]
    [InlineData(Api, "Archive__Directory", "/dev/null", "Archive:Directory '/dev/null' cannot be used")]
    [InlineData(Api, "Proxies__Trusted__0", "::/0", "Proxies:Trusted")]
    [InlineData(Api, "Proxies__Trusted__0", "128.0.0.0/1", "Proxies:Trusted")]
    [InlineData(Api, "Messaging__MaxTextLength", "20000", "Limits:MaxBodyBytes")]
    [InlineData(Api, "Messaging__ReplicasOnDisk", "true", "Messaging:ReplicasOnDisk")]
    [InlineData(Realtime, "Messaging__ReplicaTimeout", "0", "ReplicaTimeout")]
    [InlineData(Api, "Limits__MaxBodyBytes", "40000", "Limits:MaxBodyBytes")]
    [InlineData(Api, "Realtime__PublicUrl", "nonsense", "")]
    public async Task The_process_ends_with_one_line_that_names_the_option(string service, string name, string? value, string? expected)
    {
        var settings = PublishedService.Settings("127.0.0.1:1,abortConnect=false");
        settings.Remove(name);
        if (value is not null)
        {
            settings[name] = value;
        }

        if (expected is null)
        {
            // Two that are each right alone: a message may be as long as the queue is, no longer.
            settings["Realtime__MaxQueuedBytes"] = "1000000";
            expected = "Realtime:MaxQueuedBytes";
        }

        var (exitCode, output) = await PublishedService.RunAsync(service, settings);

        var line = Assert.Single(output.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.StartsWith("Not started: ", line, StringComparison.Ordinal);
        Assert.Contains(expected, line, StringComparison.Ordinal);
        Assert.Equal(BadConfiguration, exitCode);
    }
}
