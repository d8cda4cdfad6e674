using System.Net.Http.Json;
using Microsoft.Extensions.DependencyInjection;

namespace ReplyX.AppHost;

/// <summary>The process that a command was given for.</summary>
internal static class RunningReplica
{
    private static readonly TimeSpan _timeout = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Sends requests to the replica's own process and tells how that went. The resource's own address may be a proxy's, which would
    /// choose any replica.
    /// </summary>
    /// <param name="context">The command.</param>
    /// <param name="call">Sends, and gives what is to be told. Its client takes relative addresses.</param>
    public static async Task<ExecuteCommandResult> CallAsync(ExecuteCommandContext context, Func<HttpClient, Task<string>> call)
    {
        if (AddressOf(context) is not { } address)
        {
            return CommandResults.Failure($"'{context.ResourceName}' does not run.");
        }

        using var http = new HttpClient { BaseAddress = address, Timeout = _timeout };
        try
        {
            return CommandResults.Success(await call(http).ConfigureAwait(false));
        }
        catch (HttpRequestException e) when (e.StatusCode is { } status)
        {
            return CommandResults.Failure($"'{context.ResourceName}' answered {(int)status}.");
        }
        catch (Exception e) when (e is HttpRequestException || (e is OperationCanceledException && !context.CancellationToken.IsCancellationRequested))
        {
            return CommandResults.Failure($"'{context.ResourceName}' does not answer: {e.Message}");
        }
    }

    /// <summary>Posts JSON and reads the answer's.</summary>
    /// <exception cref="HttpRequestException">It was refused, or not answered.</exception>
    public static async Task<T> PostAsync<T>(this HttpClient http, string path, object? body, CancellationToken cancellationToken)
    {
        using var answer = await http.PostAsJsonAsync(new Uri(path, UriKind.Relative), body ?? new { }, cancellationToken).ConfigureAwait(false);
        answer.EnsureSuccessStatusCode();
        return await answer.Content.ReadFromJsonAsync<T>(cancellationToken).ConfigureAwait(false)
            ?? throw new HttpRequestException("The answer is empty.");
    }

    // Each row of the dashboard is one process, and shows that process's variables.
    private static Uri? AddressOf(ExecuteCommandContext context)
    {
        // Every Aspire 13.x has ServiceProvider; the latest ones call it Services too.
#pragma warning disable CS0618
        var rows = context.ServiceProvider.GetRequiredService<ResourceNotificationService>();
#pragma warning restore CS0618
        return rows.TryGetCurrentState(context.ResourceName, out var row)
            && row is { Snapshot.State.Text: var state }
            && state == KnownResourceStates.Running
            && row.Snapshot.EnvironmentVariables.FirstOrDefault(variable => variable.Name == "ASPNETCORE_URLS")?.Value?.Split(';')[0] is { } url
            && Uri.TryCreate(url, UriKind.Absolute, out var address)
                ? address
                : null;
    }
}
