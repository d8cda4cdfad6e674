namespace ReplyX.Api.Tests;

internal sealed record TestDialog(TestAccount Account, string Mode, long Id, string Token, string GuestToken, Answer Answer)
{
    private TestApi Api => Account.Api;

    public string Path => $"/api/{Mode}/dialogs/{Id}";

    public string OperatorPath => $"/api/dialogs/{Id}";

    public Task<Answer> SendAsync(string text, string clientId) =>
        Api.PostAsync($"{Path}/messages", new { text, client_id = clientId }, Token);

    public Task<Answer> ReadAsync(string query = "") => Api.GetAsync($"{Path}/messages{query}", Token);

    public Task<Answer> AnswerAsync(string operatorToken, string text, string clientId, string? sender = null) =>
        Api.PostAsync($"{OperatorPath}/messages", new { text, client_id = clientId, sender }, operatorToken);

    public Task<Answer> HandoffAsync(string step, string token, object? body = null) =>
        Api.PostAsync($"{OperatorPath}/handoff/{step}", body, token);
}
