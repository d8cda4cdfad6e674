using ReplyX.Smoke.Wire;

namespace ReplyX.Smoke.Checks;

/// <summary>All checks, one after the other: what the services say of themselves, then what really happens to messages.</summary>
internal sealed class SmokeRun : IAsyncDisposable
{
    /// <summary>Through the front door: enough that both of two nodes may be met.</summary>
    private const int FewestSockets = 2;

    private const int MostSockets = 8;

    private readonly SmokeOptions _options;
    private readonly SmokeCredentials _credentials;
    private readonly SmokeReport _report;
    private readonly TimeProvider _time;
    private readonly List<Side> _sides = [];

    public SmokeRun(SmokeOptions options, SmokeCredentials credentials, SmokeReport report, TimeProvider time)
    {
        (_options, _credentials, _report, _time) = (options, credentials, report, time);
        if (options.Front is { } front)
        {
            var sockets = Math.Clamp(options.ExpectedNodes.Count + 1, FewestSockets, MostSockets);
            Add(front, [.. Enumerable.Repeat(front, sockets)]);
        }
        else
        {
            Add(options.Api!, options.Realtime);
            if (options.OtherApi is { } other)
            {
                Add(other, options.OtherRealtime);
            }
        }
    }

    public async Task RunAsync(CancellationToken cancellation)
    {
        using var deadline = new Deadline(_options.Timeout, _time, cancellation);
        var services = new ServiceChecks(_options, _sides, deadline);
        var isWell = await _report.RunAsync("health", services.CheckHealthAsync);
        isWell &= await CheckVersionAsync(services);
        if (!isWell)
        {
            // What is sent through a deployment that is not the one meant proves nothing.
            return;
        }

        await _report.RunAsync("refusal", () => new SocketChecks(_options, _sides, deadline).CheckRefusalAsync());
        if (!_credentials.CanStart)
        {
            _report.Skip("messages", "neither SMOKE_SITE_TOKEN nor SMOKE_ASSISTANT_ID is set: no message was sent");
            return;
        }

        await using var conversation = new ConversationChecks(_options, _credentials, _sides, deadline, _time);
        (string Name, Func<Task<string>> Check)[] checks =
        [
            ("dialog", conversation.StartAsync),
            ("sockets", conversation.OpenSocketsAsync),
            ("messages", conversation.SendAsync),
            ("repeat", conversation.RepeatAsync),
            ("resume", conversation.ResumeAsync),
            ("heartbeat", conversation.PingAsync),
            ("history", conversation.CompareAsync),
        ];
        foreach (var (name, check) in checks)
        {
            if (!await _report.RunAsync(name, check))
            {
                return;
            }
        }
    }

    public ValueTask DisposeAsync()
    {
        foreach (var side in _sides)
        {
            side.Dispose();
        }

        return ValueTask.CompletedTask;
    }

    private async Task<bool> CheckVersionAsync(ServiceChecks services)
    {
        if (_options.ExpectedVersion is null && _options.ExpectedNodes.Count == 0)
        {
            return true;
        }

        if (_credentials.PlatformToken is not null)
        {
            return await _report.RunAsync("version", services.CheckVersionAsync);
        }

        if (_options.ExpectedVersion is not null)
        {
            _report.Skip("version", "SMOKE_PLATFORM_TOKEN is not set: services tell their version to nobody else");
        }

        return true;
    }

    private void Add(Uri api, IReadOnlyList<Uri> nodes)
        => _sides.Add(new Side(api, nodes, new Line(_options.ConnectTo), _credentials.PlatformToken));
}
