using ReplyX.LocalHosting.Testing;

namespace Aspire.Hosting.Testing;

/// <summary>Runs an AppHost's entry point for a test: free ports, no console output.</summary>
public static class DistributedApplicationTestingBuilder
{
    /// <summary>Runs the entry point up to the end of its composition.</summary>
    /// <typeparam name="TEntryPoint">A type of the AppHost's assembly.</typeparam>
    /// <param name="cancellationToken">Ends the wait for the entry point.</param>
    /// <returns>The builder, which the caller disposes of.</returns>
    public static Task<IDistributedApplicationTestingBuilder> CreateAsync<TEntryPoint>(CancellationToken cancellationToken = default)
        where TEntryPoint : class => CreateAsync<TEntryPoint>([], cancellationToken);

    /// <summary>Runs the entry point up to the end of its composition.</summary>
    /// <typeparam name="TEntryPoint">A type of the AppHost's assembly.</typeparam>
    /// <param name="args">The command line it is given.</param>
    /// <param name="cancellationToken">Ends the wait for the entry point.</param>
    /// <returns>The builder, which the caller disposes of.</returns>
    public static Task<IDistributedApplicationTestingBuilder> CreateAsync<TEntryPoint>(string[] args, CancellationToken cancellationToken = default)
        where TEntryPoint : class => EntryPointSession.StartAsync(typeof(TEntryPoint).Assembly, args, cancellationToken);
}
