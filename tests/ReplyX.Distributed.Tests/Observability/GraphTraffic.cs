using ReplyX.Client;
using ReplyX.Distributed.Tests.Graph;
using ReplyX.Testing;

namespace ReplyX.Distributed.Tests.Observability;

/// <summary>A little of everything that services measure: visitors in both ways, an assistant, a handoff, a resumption, a refusal.</summary>
internal sealed class GraphTraffic(GraphFixture graph)
{
    public async Task RunAsync()
    {
        using var http = new HttpClient { BaseAddress = graph.Api };
        var api = new ReplyXApiClient(http);
        var anna = new OperatorSession(
            api, (await api.SignInAsync("anna@demo.replyx.dev", GraphFixture.OperatorPassword, TestTimeout.Token())).Require());
        var token = (await anna.GetSiteTokenAsync("shop", TestTimeout.Token())).Require();
        await TalkAsync(new VisitorSession(api, (await api.OpenWidgetDialogAsync("shop", cancellationToken: TestTimeout.Token())).Require()), anna);
        await TalkAsync(new VisitorSession(api, (await api.OpenSiteDialogAsync(token, cancellationToken: TestTimeout.Token())).Require()), anna);
        Assert.NotNull((await api.OpenWidgetDialogAsync("nobody-has-this", cancellationToken: TestTimeout.Token())).Problem);
    }

    private static async Task TalkAsync(VisitorSession visitor, OperatorSession anna)
    {
        EventCursor? cursor = null;
        await using (var socket = new ReplyXConnection(visitor.ConnectionOptions()))
        {
            await socket.ConnectAsync(TestTimeout.Token());
            (await visitor.SendAsync("When do you open?", "the-same-key", TestTimeout.Token())).Require();
            (await visitor.SendAsync("When do you open?", "the-same-key", TestTimeout.Token())).Require();
            await foreach (var next in socket.ReadEventsAsync(TestTimeout.Token()))
            {
                if (next is MessageEvent message)
                {
                    cursor = message.Cursor;
                    if (message.Sender == "assistant")
                    {
                        break;
                    }
                }
            }
        }

        // What is said meanwhile is what the socket resumes with.
        (await visitor.StepAsync(HandoffStep.Request, cancellationToken: TestTimeout.Token())).Require();
        (await anna.StepAsync(visitor.Dialog.Id, HandoffStep.Takeover, cancellationToken: TestTimeout.Token())).Require();
        (await anna.SendAsync(visitor.Dialog.Id, "At nine.", cancellationToken: TestTimeout.Token())).Require();
        await using var again = new ReplyXConnection(visitor.ConnectionOptions(cursor));
        await again.ConnectAsync(TestTimeout.Token());
        await foreach (var next in again.ReadEventsAsync(TestTimeout.Token()))
        {
            if (next is MessageEvent { Sender: "manager" })
            {
                break;
            }
        }

        // Through the socket, as the widget does.
        Assert.Null((await again.SendAsync("Thanks!", cancellationToken: TestTimeout.Token())).Error);
        (await anna.StepAsync(visitor.Dialog.Id, HandoffStep.Release, cancellationToken: TestTimeout.Token())).Require();
    }
}
