namespace ReplyX.Client.Tests.Server;

/// <summary>A test against a <see cref="ScriptedServer"/> of its own, which ends with the test.</summary>
public abstract class ConnectionTest : IAsyncLifetime
{
    private protected ScriptedServer Server { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Server = await ScriptedServer.StartAsync();

    public async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync();
        GC.SuppressFinalize(this);
    }
}
