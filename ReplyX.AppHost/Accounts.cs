namespace ReplyX.AppHost;

/// <summary>The first account of a deployment, and the command that makes another.</summary>
internal static class Accounts
{
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
        api.WithCommand("create-account", "Create account", context => RunningReplica.CallAsync(context, async http =>
        {
            var made = await http.PostAsync<NewAccount>("/internal/accounts", body: null, context.CancellationToken).ConfigureAwait(false);
            return $"The owner of the new account joins by {made.Invitation.Url} within seven days.";
        }), new CommandOptions
        {
            Description = "Makes a new account and shows a link, good once and for seven days, for its owner.",
            ConfirmationMessage = "Make a new account?",
            IconName = "PersonAdd",
        });

    private sealed record NewAccount(Invitation Invitation);

    private sealed record Invitation(string Url);
}
