namespace ReplyX.Testing;

/// <summary>A folder that goes, with all that is in it, when the test is done with it.</summary>
public sealed class TempDirectory : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("replyx-").FullName;

    public string File(params ReadOnlySpan<string> parts) => System.IO.Path.Combine([Path, .. parts]);

    public void Dispose()
    {
        try
        {
            Directory.Delete(Path, recursive: true);
        }
        catch (IOException)
        {
            // A process that is still dying may add a file meanwhile. The system's clean-up takes what is left.
        }
    }
}
