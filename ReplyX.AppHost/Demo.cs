using System.Net.Http.Headers;

namespace ReplyX.AppHost;

/// <summary>The demo account and its shop. When published there is none of it.</summary>
internal static class Demo
{
    private const string Operator = "anna@demo.replyx.dev";

    /// <summary>
    /// Gives the demo account's operators a password, shows the address of its shop, and adds commands to try it. The shop is a page of
    /// the Api too, by another name than the widget in it, so that the two are of different origins, as they are in life.
    /// </summary>
    public static IResourceBuilder<ProjectResource> WithDemo(this IResourceBuilder<ProjectResource> api)
    {
        var builder = api.ApplicationBuilder;
        if (builder.ExecutionContext.IsPublishMode)
        {
            return api;
        }

        var password = builder.AddSecret("operator-password", length: 16);
        return api
            .WithEnvironment("Demo__OperatorPassword", password)
            .WithUrlForEndpoint("http", endpoint => new ResourceUrlAnnotation
            {
                Url = $"http://127.0.0.1:{endpoint.Port}/demo",
                DisplayText = "a shop with the widget",
            })
            .WithUrlForEndpoint("http", endpoint => new ResourceUrlAnnotation
            {
                Url = $"{endpoint.Url}/console",
                DisplayText = "the operators' console",
            })
            .WithCommand("console", "Sign in to the console", context => TellPasswordAsync(api, password, context), new CommandOptions
            {
                Description = "Shows the console's address, and by which login and password an operator of the demo signs in.",
                IconName = "PersonKey",
            })
            .WithCommand("demo", "Let a visitor write", context => RunningReplica.CallAsync(context, http => WriteAsync(http, context.CancellationToken)), new CommandOptions
            {
                Description = "A visitor comes to the demo's shop, asks something, and asks for a person: the console shows them waiting.",
                IconName = "ChatAdd",
            });
    }

    private static async Task<ExecuteCommandResult> TellPasswordAsync(
        IResourceBuilder<ProjectResource> api, IResourceBuilder<ParameterResource> password, ExecuteCommandContext context) =>
        CommandResults.Success(
            $"{api.GetEndpoint("http").Url}/console: {Operator}, password {await password.Resource.GetValueAsync(context.CancellationToken).ConfigureAwait(false)}");

    private static async Task<string> WriteAsync(HttpClient http, CancellationToken cancellationToken)
    {
        var dialog = await http.PostAsync<StartedDialog>("/api/widget/dialogs", new { assistant_id = "shop" }, cancellationToken).ConfigureAwait(false);
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", dialog.Token);
        var path = $"/api/widget/dialogs/{dialog.Id}";
        var message = new { text = "Hello! Does the tent come with pegs?", client_id = Guid.NewGuid().ToString("N") };
        await http.PostAsync<object>($"{path}/messages", message, cancellationToken).ConfigureAwait(false);
        await http.PostAsync<object>($"/api/dialogs/{dialog.Id}/handoff/request", body: null, cancellationToken).ConfigureAwait(false);
        return $"In dialog {dialog.Id} a visitor has asked something, and waits for a person.";
    }

    private sealed record StartedDialog(long Id, string Token);
}
