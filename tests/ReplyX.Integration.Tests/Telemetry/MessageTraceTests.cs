using System.Diagnostics;
using System.Text.Json;
using ReplyX.Integration.Tests.Hosting;

namespace ReplyX.Integration.Tests.Telemetry;

/// <summary>One message through three processes, from a browser's POST to the two nodes that hand it out, by its trace's id.</summary>
public sealed class MessageTraceTests
{
    private const string Api = "ReplyX.Api";
    private const string Realtime = "ReplyX.Realtime";

    [Fact]
    public async Task A_message_is_one_trace_through_three_processes_and_nothing_exported_tells_what_it_says()
    {
        await using var graph = await TracedGraph.StartAsync(sampleRatio: "1");
        var chat = await Chat.OpenAsync(graph);
        var (trace, parent) = (ActivityTraceId.CreateRandom().ToHexString(), ActivitySpanId.CreateRandom().ToHexString());
        var refused = ActivityTraceId.CreateRandom().ToHexString();

        await chat.SayAsync($"00-{trace}-{parent}-00");
        var refusal = await chat.PostAsync(new { text = chat.Text, client_id = "no key" }, $"00-{refused}-{parent}-00");
        await chat.CloseAsync();
        await graph.StopAsync();

        var spans = graph.Spans.Where(span => span.Trace == trace).ToList();
        var post = Assert.Single(spans, span => span.Parent == parent);
        Assert.Equal((Api, "POST /api/widget/dialogs/{id}/messages"), (post.Service, post.Name));
        var append = Assert.Single(spans, span => span.Name == "dialog append");
        Assert.Equal((post.Instance, post.Span), (append.Instance, append.Parent));
        var commands = spans.Where(span => span.Scope == "ReplyX.Redis" && span.Parent == append.Span).ToList();
        Assert.NotEmpty(commands);
        Assert.All(commands, command => Assert.Equal(post.Instance, command.Instance));

        var handOuts = spans.Where(span => span.Name == "event hand-out").ToList();
        Assert.Equal(2, handOuts.Count);
        Assert.All(handOuts, handOut => Assert.Equal((Realtime, append.Span), (handOut.Service, handOut.Parent)));
        Assert.Equal(3, handOuts.Append(post).Select(span => span.Instance).Distinct().Count());

        // Nothing hangs in the air, and nothing is there twice.
        Assert.Equal(spans.Count, spans.Select(span => span.Span).Distinct().Count());
        Assert.All(spans, span => Assert.True(span == post || spans.Exists(other => other.Span == span.Parent), $"{span.Name} has no parent"));

        Assert.All((string[])[trace, refused], id => Assert.Contains(graph.Logs, record => record.Trace == id && record.Service == Api));
        Assert.All(graph.Logs.Where(record => record.Trace == trace), record => Assert.Contains(spans, span => (span.Span, span.Instance) == (record.Span, record.Instance)));
        Assert.Equal(refused, refusal.GetProperty("trace_id").GetString());

        Assert.True(graph.Tells("Executing endpoint"), "what is logged at the lowest levels is exported");
        Assert.DoesNotContain(chat.Secrets, graph.Tells);
    }

    [Fact]
    public async Task By_the_ratio_nothing_is_recorded_of_a_trace_unless_its_caller_records_it()
    {
        await using var graph = await TracedGraph.StartAsync(sampleRatio: "0");
        var chat = await Chat.OpenAsync(graph);
        var (left, asked) = (ActivityTraceId.CreateRandom().ToHexString(), ActivityTraceId.CreateRandom().ToHexString());

        await chat.SayAsync($"00-{left}-{ActivitySpanId.CreateRandom()}-00");
        await chat.SayAsync($"00-{asked}-{ActivitySpanId.CreateRandom()}-01");
        await chat.CloseAsync();
        await graph.StopAsync();

        Assert.All(graph.Spans, span => Assert.Equal(asked, span.Trace));
        Assert.Equal(2, graph.Spans.Where(span => span.Name == "event hand-out").DistinctBy(span => span.Instance).Count());
        Assert.Contains(graph.Logs, record => record.Trace == left);
        Assert.DoesNotContain(chat.Secrets, graph.Tells);
    }

    /// <summary>A visitor's dialog, open on both nodes, on the second one by an operator too.</summary>
    private sealed class Chat(TracedGraph graph, JsonElement started, string operatorToken)
    {
        private readonly List<TestSocket> _sockets = [];
        private int _said;

        public string Text { get; } = $"a text that nobody else reads {Guid.NewGuid():N}";

        /// <summary>What is in no log: tokens whole, and what makes them valid.</summary>
        public IEnumerable<string> Secrets => ((string[])[Token, started.GetProperty("guest_token").GetString()!, operatorToken])
            .SelectMany(token => (string[])[token, token.Split('.')[^1]]).Append(Text);

        private string Path => $"widget/dialogs/{started.GetProperty("id")}";

        private string Token => started.GetProperty("token").GetString()!;

        public static async Task<Chat> OpenAsync(TracedGraph graph)
        {
            var started = await graph.PostAsync("/api/widget/dialogs", new { assistant_id = "demo" });
            var operatorToken = await graph.SignInAsync();
            var chat = new Chat(graph, started, operatorToken);
            chat._sockets.Add(await TestSocket.ConnectAsync(graph.Nodes[0], $"/ws/{chat.Path}", chat.Token, tokenInQuery: true));
            chat._sockets.Add(await TestSocket.ConnectAsync(graph.Nodes[1], $"/ws/{chat.Path}", chat.Token));
            chat._sockets.Add(await TestSocket.ConnectAsync(graph.Nodes[1], $"/ws/dialogs/{started.GetProperty("id")}", operatorToken));
            return chat;
        }

        public Task<JsonElement> PostAsync(object body, string traceParent) => graph.PostAsync($"/api/{Path}/messages", body, Token, traceParent);

        /// <summary>Says it, and waits until everybody has heard it.</summary>
        public async Task SayAsync(string traceParent)
        {
            var said = await PostAsync(new { text = Text, client_id = $"{++_said}" }, traceParent);
            var seq = said.GetProperty("user_message").GetProperty("seq").GetInt64();
            foreach (var socket in _sockets)
            {
                while (!((await socket.ReceiveAsync()) is var heard && heard.TryGetProperty("seq", out var at) && at.GetInt64() == seq))
                {
                    // A greeting, or what came before.
                }
            }
        }

        public async Task CloseAsync()
        {
            foreach (var socket in _sockets)
            {
                await socket.CloseAsync();
                await socket.DisposeAsync();
            }
        }
    }
}
