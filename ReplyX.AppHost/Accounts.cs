using System.Net.Http.Json;

namespace ReplyX.AppHost;

/// <summary>The first account of a deployment, and the command that makes another.</summary>
internal static class Accounts
{
    private static readonly TimeSpan _timeout = TimeSpan.FromSeconds(10);

    /// <summary>Has a published service make the first account and its owner, from parameters that the deployment asks for.</summary>
    public static IResourceBuilder<ProjectResource> WithFirstAccount(this IResourceBuilder<ProjectResource> api)
    {
        var builder = api.ApplicationBuilder;
        return builder.ExecutionContext.IsPublishMode
            ? api.WithEnvironment("Bootstrap__AccountName", builder.AddParameter("account-name", "ReplyX", publishValueAsDefault: true))
                .WithEnvironment("Bootstrap__OwnerLogin", builder.AddParameter("owner-login"))
                .WithEnvironment("Bootstrap__OwnerPassword", builder.AddParameter("owner-password", secret: true))
            : api;
    }

    /// <summary>Adds a command that makes an account and answers with the link that invites its owner.</summary>
    public static IResourceBuilder<ProjectResource> WithAccountCommand(this IResourceBuilder<ProjectResource> api) =>
        api.WithCommand("create-account", "Create account", CreateAsync, new CommandOptions
        {
            Description = "Makes a new account and shows a link, good once and for seven days, for its owner.",
            ConfirmationMessage = "Make a new account?",
            IconName = "PersonAdd",
        });

    private static async Task<ExecuteCommandResult> CreateAsync(ExecuteCommandContext context)
    {
        if (RunningReplica.AddressOf(context) is not { } address)
        {
            return CommandResults.Failure($"'{context.ResourceName}' does not run.");
        }

        using var http = new HttpClient { Timeout = _timeout };
        try
        {
            using var answer = await http.PostAsJsonAsync(new Uri(address, "/internal/accounts"), new { }, context.CancellationToken).ConfigureAwait(false);
            if (!answer.IsSuccessStatusCode)
            {
                return CommandResults.Failure($"'{context.ResourceName}' answered {(int)answer.StatusCode}.");
            }

            var made = await answer.Content.ReadFromJsonAsync<NewAccount>(context.CancellationToken).ConfigureAwait(false);
            return CommandResults.Success($"The owner of the new account joins by {made?.Invitation.Url} within seven days.");
        }
        catch (Exception e) when (e is HttpRequestException || (e is OperationCanceledException && !context.CancellationToken.IsCancellationRequested))
        {
            return CommandResults.Failure($"'{context.ResourceName}' does not answer: {e.Message}");
        }
    }

    private sealed record NewAccount(Invitation Invitation);

    private sealed record Invitation(string Url);
}
