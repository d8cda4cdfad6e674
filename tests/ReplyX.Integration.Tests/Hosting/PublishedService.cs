using ReplyX.Testing;

namespace ReplyX.Integration.Tests.Hosting;

/// <summary>A service as a process of its own, in Production: what only a process has, such as its limit of files and its exit code.</summary>
internal static class PublishedService
{
    public const string MetricsToken = "a metrics token for this test";

    /// <summary>The least that a service in Production needs; the key is the one of <see cref="RealtimeNode"/>.</summary>
    public static Dictionary<string, string> Settings(string redis) => new()
    {
        ["ASPNETCORE_ENVIRONMENT"] = "Production",
        ["ConnectionStrings__redis"] = redis,
        ["Tokens__SigningKey"] = RealtimeNode.SigningKey,
        ["Metrics__Token"] = MetricsToken,
        ["Origins__ChatHosts__0"] = RealtimeNode.ChatHost,
        [Upgrades.Key.Replace(":", "__", StringComparison.Ordinal)] = Upgrades.Value,
        ["Realtime__DrainNotice"] = "00:00:00",
        ["Realtime__PublicUrl"] = "https://realtime.example.com",
    };

    /// <summary>Starts it and waits until it answers.</summary>
    public static async Task<ServiceProcess> StartAsync(string service, IReadOnlyDictionary<string, string> settings, int? files = null)
    {
        var process = new ServiceProcess(service, Assembly(service), settings, files);
        try
        {
            await process.StartAsync();
            return process;
        }
        catch
        {
            await process.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts it where it is to end by itself.</summary>
    public static Task<(int ExitCode, string Output)> RunAsync(string service, IReadOnlyDictionary<string, string> settings, int? files = null) =>
        Command.RunAsync(ServiceProcess.Prepare(Assembly(service), settings, new Uri($"http://127.0.0.1:{FreePort.Next()}"), files));

    public static string Assembly(string service) => Path.Combine(AppContext.BaseDirectory, $"{service}.dll");
}
