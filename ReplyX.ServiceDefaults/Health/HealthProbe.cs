using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;

namespace ReplyX.ServiceDefaults.Health;

/// <summary>
/// Asks the service that runs beside it, with the same environment, how it is: the health check of a container whose image has neither a
/// shell nor curl.
/// </summary>
internal static class HealthProbe
{
    /// <summary>The argument that makes a service a probe. A path may follow, <see cref="DefaultPath"/> without one.</summary>
    public const string Argument = "--health";

    // Not readiness: a node that is drained is well, and nobody is to restart it.
    private const string DefaultPath = "/alive";

    // Shorter than the time-outs that health checks of containers are given, so that the reason is told.
    private static readonly TimeSpan _timeout = TimeSpan.FromSeconds(4);

    /// <summary>Whether a command line asks for the probe.</summary>
    public static bool IsAskedFor(string[] args) => args is [Argument, ..];

    /// <summary>Asks, and says on standard output why it is not well.</summary>
    /// <returns>0 if it answers with success, else 1: what Docker takes for an answer.</returns>
    public static Task<int> RunAsync(string[] args) =>
        RunAsync(args, new ConfigurationBuilder().AddEnvironmentVariables("ASPNETCORE_").AddEnvironmentVariables().Build());

    internal static async Task<int> RunAsync(string[] args, IConfiguration configuration)
    {
        var address = new Uri(AddressOf(configuration), args is [_, { } path, ..] ? path : DefaultPath);
        try
        {
            using var client = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { Timeout = _timeout };
            using var response = await client.GetAsync(address);
            if (response.IsSuccessStatusCode)
            {
                return 0;
            }

            Console.WriteLine($"{address} answers {(int)response.StatusCode}: {await response.Content.ReadAsStringAsync()}");
        }
        catch (Exception exception) when (exception is HttpRequestException or OperationCanceledException)
        {
            Console.WriteLine($"{address} does not answer: {exception.Message}");
        }

        return 1;
    }

    /// <summary>The first address that a service with this configuration listens on for plain HTTP.</summary>
    public static Uri AddressOf(IConfiguration configuration)
    {
        var addresses = (configuration[WebHostDefaults.ServerUrlsKey] ?? "").Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Concat((configuration[WebHostDefaults.HttpPortsKey] ?? "").Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
                .Select(port => $"http://*:{port}"))
            .Append("http://localhost:5000")
            .Select(BindingAddress.Parse);
        var first = addresses.First(address => address.Scheme == Uri.UriSchemeHttp);
        return new UriBuilder(first.Scheme, first.Host is "+" or "*" or "0.0.0.0" or "[::]" ? "127.0.0.1" : first.Host, first.Port).Uri;
    }
}
