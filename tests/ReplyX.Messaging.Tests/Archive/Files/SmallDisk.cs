using System.Diagnostics;
using System.Globalization;
using ReplyX.Testing;

namespace ReplyX.Messaging.Tests.Archive.Files;

/// <summary>A file system of so many kilobytes, in memory. It takes root to mount one; for others the test is skipped.</summary>
internal sealed class SmallDisk : IAsyncDisposable
{
    private readonly TempDirectory _folder = new();

    private SmallDisk()
    {
    }

    public string Path => _folder.Path;

    public static async Task<SmallDisk> MountAsync(int kilobytes)
    {
        var disk = new SmallDisk();
        Assert.SkipUnless(OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess, "mounting takes root");
        var (exitCode, output) = await Command.RunAsync(new ProcessStartInfo(
            "mount", ["-t", "tmpfs", "-o", string.Create(CultureInfo.InvariantCulture, $"size={kilobytes}k"), "tmpfs", disk.Path]));
        Assert.SkipUnless(exitCode == 0, output);
        return disk;
    }

    public async Task RemountAsync(string how)
    {
        var (exitCode, output) = await Command.RunAsync(new ProcessStartInfo("mount", ["-o", $"remount,{how}", Path]));
        Assert.True(exitCode == 0, output);
    }

    public async ValueTask DisposeAsync()
    {
        await Command.RunAsync(new ProcessStartInfo("umount", ["--lazy", Path]));
        _folder.Dispose();
    }
}
