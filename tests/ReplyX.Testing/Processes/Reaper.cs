using System.Diagnostics;
using System.Globalization;

namespace ReplyX.Testing;

/// <summary>
/// Kills a child when this process ends, however it ends: a shell that waits for the end of a pipe whose other end only we hold.
/// </summary>
internal sealed class Reaper : IDisposable
{
    private readonly Process _shell;

    public Reaper(Process child)
    {
        var start = new ProcessStartInfo("/bin/sh") { RedirectStandardInput = true };
        start.ArgumentList.Add("-c");
        start.ArgumentList.Add("cat >/dev/null; kill -9 \"$1\" 2>/dev/null");
        start.ArgumentList.Add("reaper");
        start.ArgumentList.Add(child.Id.ToString(CultureInfo.InvariantCulture));
        _shell = Process.Start(start)!;
    }

    /// <summary>Calls the reaper off; before the child's id can belong to somebody else.</summary>
    public void Dispose()
    {
        _shell.Kill(entireProcessTree: true);
        _shell.WaitForExit();
        _shell.Dispose();
    }
}
