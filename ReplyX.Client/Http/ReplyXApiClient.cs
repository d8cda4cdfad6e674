using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace ReplyX.Client;

/// <summary>
/// The Api over HTTP, typed. A refusal is a result, not an exception. What may be repeated is, when the server has no time (503, 429,
/// with its Retry-After) or does not answer; a message is repeated under its key, so that it is stored once at most.
/// </summary>
/// <remarks>Safe to use from several threads. Tokens are arguments: <see cref="VisitorSession"/> and <see cref="OperatorSession"/> keep them.</remarks>
public sealed partial class ReplyXApiClient
{
    private readonly ApiTransport _transport;

    /// <summary>Makes a client.</summary>
    /// <param name="http">Its base address is the Api's root. It is not disposed of, and should follow no proxy that logs headers.</param>
    /// <param name="options">How patient it is.</param>
    /// <exception cref="ArgumentException">There is no base address, or an option is not valid.</exception>
    public ReplyXApiClient(HttpClient http, ReplyXApiOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(http);
        options ??= new ReplyXApiOptions();
        options.Validate();
        if (http.BaseAddress is null)
        {
            throw new ArgumentException("The client needs the Api's root as its base address.", nameof(http));
        }

        _transport = new ApiTransport(http, options);
    }

    internal TimeProvider Time => _transport.Time;

    private async Task<ApiResult<HistoryPage>> ReadHistoryAsync(string path, string token, HistoryRange range, CancellationToken cancellationToken)
    {
        var answer = await _transport.SendAsync(ApiCall.Get(path + range.ToQuery(), token), ApiJson.Default.HistoryBody, cancellationToken);
        return answer.Select(static body => new HistoryPage(
            [.. body.Items.Select(ToEvent).OfType<ReplyXEvent>()],
            EventCursor.TryParse(body.Cursor, null, out var cursor) ? cursor : null,
            body.HasMore,
            body.Reset)
        {
            Read = body.Read,
        });
    }

    private async Task<ApiResult<SentMessage>> SendMessageAsync(
        string path, string token, string text, string clientId, string? sender, CancellationToken cancellationToken)
    {
        var call = ApiCall.Post(path, token, repeatable: true).With(new SendBody(text, clientId, sender), ApiJson.Default.SendBody);
        var answer = await _transport.SendAsync(call, ApiJson.Default.SentBody, cancellationToken);
        if (answer.Value is not { } body)
        {
            return answer.Select<SentMessage>(static _ => null!);
        }

        return (body.UserMessage ?? body.Message) is { } frame
            && ServerFrameReader.ToEvent(frame with { Type = FrameTypes.Message }, default, 0) is MessageEvent message
            ? answer.Select(_ => new SentMessage(message, answer.Status == 200))
            : new ApiResult<SentMessage> { Status = answer.Status, Problem = new ApiProblem(answer.Status, "unreadable_answer") };
    }

    private static ReplyXEvent? ToEvent(JsonElement item)
    {
        var bytes = JsonMarshal.GetRawUtf8Value(item);
        return ServerFrameReader.Read(bytes) is { } frame ? ServerFrameReader.ToEvent(frame, bytes, 0) : null;
    }

    private static string Invariant(FormattableString path) => path.ToString(CultureInfo.InvariantCulture);
}
