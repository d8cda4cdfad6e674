using System.ClientModel.Primitives;

namespace ReplyX.Api.Assistant.Clients;

/// <summary>Once more and soon, whatever the endpoint asks for: a visitor waits, and would rather have a human than an answer tomorrow.</summary>
internal sealed class SoonRetryPolicy() : ClientRetryPolicy(maxRetries: 1)
{
    private static readonly TimeSpan _longest = TimeSpan.FromSeconds(2);

    protected override TimeSpan GetNextDelay(PipelineMessage message, int tryCount)
    {
        var asked = base.GetNextDelay(message, tryCount);
        return asked < _longest ? asked : _longest;
    }
}
