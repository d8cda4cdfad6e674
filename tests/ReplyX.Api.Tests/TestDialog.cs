using System.Net;

namespace ReplyX.Api.Tests;

internal sealed record TestDialog(TestAccount Account, string Mode, long Id, string Token, string GuestToken, Answer Answer)
{
    private TestApi Api => Account.Api;

    public string Path => $"/api/{Mode}/dialogs/{Id}";

    public string OperatorPath => $"/api/dialogs/{Id}";

    public Task<Answer> SendAsync(string text, string clientId) =>
        ToldAsync(Api.PostAsync($"{Path}/messages", new { text, client_id = clientId }, Token));

    public Task<Answer> ReadAsync(string query = "") => Api.GetAsync($"{Path}/messages{query}", Token);

    public Task<Answer> AnswerAsync(string operatorToken, string text, string clientId, string? sender = null) =>
        ToldAsync(Api.PostAsync($"{OperatorPath}/messages", new { text, client_id = clientId, sender }, operatorToken));

    public Task<Answer> HandoffAsync(string step, string token, object? body = null) =>
        ToldAsync(Api.PostAsync($"{OperatorPath}/handoff/{step}", body, token));

    // Of a spread dialog lists, and the assistant, hear some milliseconds after the answer.
    private async Task<Answer> ToldAsync(Task<Answer> sending)
    {
        var answer = await sending;
        if (answer.Status is HttpStatusCode.OK or HttpStatusCode.Created)
        {
            await Api.UntilToldAsync(Id);
        }

        return answer;
    }
}
