using ReplyX.Client;
using ReplyX.Smoke.Wire;

namespace ReplyX.Smoke.Checks;

/// <summary>One version: an Api and its nodes; or the front door, which is both.</summary>
internal sealed class Side : IDisposable
{
    private readonly Line _line;
    private readonly HttpClient _http;

    /// <summary>Makes a side; nothing is asked yet.</summary>
    /// <param name="api">The Api.</param>
    /// <param name="nodes">The nodes, or the front door as often as a socket is to come through it.</param>
    /// <param name="line">The way to them, for HTTP.</param>
    /// <param name="platformToken">Shows versions.</param>
    public Side(Uri api, IReadOnlyList<Uri> nodes, Line line, string? platformToken)
    {
        _line = line;
        Name = api.ToString().TrimEnd('/');
        Nodes = nodes;
        _http = line.ToClient(api, Timeout.InfiniteTimeSpan);

        // One attempt: what has to be repeated is what the check is to find.
        Api = new ReplyXApiClient(_http, new ReplyXApiOptions { MaxAttempts = 1 });
        ApiService = new ServiceClient(api, line, platformToken);
        NodeServices = [.. nodes.Distinct().Select(node => new ServiceClient(node, line, platformToken))];
    }

    public string Name { get; }

    public IReadOnlyList<Uri> Nodes { get; }

    public ReplyXApiClient Api { get; }

    public ServiceClient ApiService { get; }

    public IReadOnlyList<ServiceClient> NodeServices { get; }

    public void Dispose()
    {
        ApiService.Dispose();
        foreach (var node in NodeServices)
        {
            node.Dispose();
        }

        _http.Dispose();
        _line.Dispose();
    }
}
