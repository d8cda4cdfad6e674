using System.Globalization;
using System.Net.Sockets;
using System.Text;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;
using Microsoft.Extensions.DependencyInjection;
using ReplyX.Client;
using ReplyX.Testing;

// Aspire.Hosting has one of that name as well.
using TempDirectory = ReplyX.Testing.TempDirectory;

namespace ReplyX.Distributed.Tests.Graph;

/// <summary>The whole graph, started once for all tests of a collection, with ports and data of its own.</summary>
public abstract class GraphFixture(params string[] args) : IAsyncLifetime
{
    /// <summary>A first start on a busy machine compiles much just in time.</summary>
    private static readonly TimeSpan _startTimeout = TimeSpan.FromMinutes(2);

    private static readonly TimeSpan _stopTimeout = TimeSpan.FromSeconds(45);

    // By then a proxy that chooses at random has chosen both.
    private const int MostConnects = 64;

    public const string OperatorPassword = "a password for tests";

    private readonly TempDirectory _data = new();
    private IDistributedApplicationTestingBuilder? _builder;
    private DistributedApplication? _app;

    public DistributedApplication App => _app ?? throw new InvalidOperationException("The graph has not been started.");

    public Uri Api => App.GetEndpoint("api", "http");

    /// <summary>The address in front of the replicas, with the scheme of a socket.</summary>
    public Uri Sockets => new UriBuilder(App.GetEndpoint("realtime", "http")) { Scheme = "ws" }.Uri;

    public string DataFolder => _data.Path;

    /// <summary>Skips the test where this machine cannot run the graph in this form. Called by every test class's constructor.</summary>
    public virtual void Require()
    {
    }

    /// <summary>Whether it makes sense to start; <see cref="Require"/> then tells the tests why not.</summary>
    protected virtual bool CanStart => true;

    /// <summary>What must be healthy before tests begin.</summary>
    protected virtual IReadOnlyList<string> Resources => ["redis", "realtime", "api"];

    /// <summary>What the AppHost is given beside what every graph is.</summary>
    protected virtual IReadOnlyList<string> Settings => args;

    public virtual async ValueTask InitializeAsync()
    {
        if (!CanStart)
        {
            return;
        }

        using var limit = new CancellationTokenSource(_startTimeout);

        // Kept as long as the application, which it disposes of with itself.
        _builder = await DistributedApplicationTestingBuilder.CreateAsync<Projects.ReplyX_AppHost>(
            [$"--DataFolder={_data.Path}", "--Containers=false", $"--Parameters:operator-password={OperatorPassword}", .. Settings], limit.Token);
        _app = await _builder.BuildAsync(limit.Token);
        await _app.StartAsync(limit.Token);
        foreach (var resource in Resources)
        {
            await WaitUntilHealthyAsync(resource, WaitBehavior.StopOnResourceUnavailable, limit.Token);
        }
    }

    /// <summary>Waits for a resource that a test has stopped or killed and started again.</summary>
    public async Task WaitUntilHealthyAgainAsync(string resource) =>
        await WaitUntilHealthyAsync(resource, WaitBehavior.WaitOnResourceUnavailable, TestTimeout.Token(_startTimeout));

    /// <summary>
    /// Waits until a service itself says that it is ready. After the loss of Redis that is later than what the engine knows, which asks
    /// every few seconds.
    /// </summary>
    public async Task UntilReadyAsync(string resource)
    {
        using var client = App.CreateHttpClient(resource, "http");
        var limit = TestTimeout.Token(_startTimeout);
        while (true)
        {
            using var response = await client.GetAsync("/health/ready", limit);
            if (response.IsSuccessStatusCode)
            {
                return;
            }

            await Task.Delay(100, limit);
        }
    }

    /// <summary>Opens sockets until each replica has one; the proxy spreads them as it likes.</summary>
    public static async Task<List<ReplyXConnection>> ConnectToBothReplicasAsync(ReplyXConnectionOptions options)
    {
        List<ReplyXConnection> sockets = [];
        while (sockets.Select(socket => socket.Node).Distinct().Count() < 2)
        {
            Assert.True(sockets.Count < MostConnects, $"{MostConnects} connections all came to one replica.");
            var socket = new ReplyXConnection(options);
            sockets.Add(socket);
            await socket.ConnectAsync(TestTimeout.Token());
        }

        return sockets;
    }

    /// <summary>Stops, starts or restarts a resource, or one replica by its id.</summary>
    public async Task<string?> CommandAsync(string resource, string command)
    {
        var result = await App.ResourceCommands.ExecuteCommandAsync(resource, command, TestTimeout.Token(_stopTimeout));
        Assert.True(result.Success, $"{command} of {resource}: {result.Message}");
        return result.Message;
    }

    /// <summary>Sends Redis one command, of which the answer is a line or a text.</summary>
    public Task<string> RedisAsync(params string[] words) => RedisAsync(0, words);

    /// <summary>Sends one server of a cluster one command, of which the answer is a line or a text.</summary>
    /// <param name="server">Its place in the connection string.</param>
    /// <param name="words">The command.</param>
    public async Task<string> RedisAsync(int server, params string[] words)
    {
        var address = (await App.GetConnectionStringAsync("redis", TestTimeout.Token()))!.Split(',')[server].Split(':');
        using var client = new TcpClient();
        await client.ConnectAsync(address[0], int.Parse(address[1], CultureInfo.InvariantCulture), TestTimeout.Token());
        var stream = client.GetStream();
        var request = $"*{words.Length}\r\n{string.Concat(words.Select(word => $"${word.Length}\r\n{word}\r\n"))}";
        await stream.WriteAsync(Encoding.ASCII.GetBytes(request), TestTimeout.Token());
        using var reader = new StreamReader(stream, Encoding.ASCII);
        var first = await reader.ReadLineAsync(TestTimeout.Token()) ?? "";
        if (!first.StartsWith('$'))
        {
            return first[1..];
        }

        var text = new char[int.Parse(first[1..], CultureInfo.InvariantCulture)];
        await reader.ReadBlockAsync(text, TestTimeout.Token());
        return new string(text);
    }

    public virtual async ValueTask DisposeAsync()
    {
        if (_app is not null)
        {
            await _app.DisposeAsync().AsTask().WaitAsync(_stopTimeout);
        }

        if (_builder is not null)
        {
            await _builder.DisposeAsync().AsTask().WaitAsync(_stopTimeout);
        }

        _data.Dispose();
        GC.SuppressFinalize(this);
    }

    private async Task WaitUntilHealthyAsync(string resource, WaitBehavior behavior, CancellationToken cancellationToken)
    {
        try
        {
            await App.ResourceNotifications.WaitForResourceHealthyAsync(resource, behavior, cancellationToken);
        }
        catch (Exception e)
        {
            throw new InvalidOperationException($"'{resource}' is not healthy: {e.Message}\n{await LastLinesAsync()}", e);
        }
    }

    /// <summary>The end of every resource's log, for a failure's message.</summary>
    private async Task<string> LastLinesAsync()
    {
        const int Told = 25;
        var logs = App.Services.GetRequiredService<ResourceLoggerService>();
        var text = new StringBuilder();
        foreach (var resource in Resources)
        {
            await foreach (var lines in logs.GetAllAsync(resource))
            {
                text.Append("--- ").AppendLine(resource);
                foreach (var line in lines.TakeLast(Told))
                {
                    text.AppendLine(line.Content);
                }
            }
        }

        return text.ToString();
    }
}
