using System.Diagnostics;
using System.Globalization;
using System.Reflection;
using System.Text;
using ReplyX.Recorder.Cluster;

namespace ReplyX.Deploy.Tests.Hosting;

/// <summary>
/// A release as <c>publish-release.sh</c> makes it, of the services as they were built: to publish takes longer than all that is done with
/// it. Several of one build tell themselves apart by the last character of their version.
/// </summary>
/// <param name="Folder">Where it lies.</param>
/// <param name="Version">The version that its services report.</param>
internal sealed record Release(string Folder, string Version)
{
    /// <summary>Makes one.</summary>
    /// <param name="folder">Where; it must not exist.</param>
    /// <param name="mark">The version's last character.</param>
    public static Release Make(string folder, char mark)
    {
        var built = FileVersionInfo.GetVersionInfo(BuiltServices.Api).ProductVersion!;
        var version = built[..^1] + mark;
        foreach (var (name, assembly) in new[] { ("api", BuiltServices.Api), ("realtime", BuiltServices.Realtime) })
        {
            Copy(Path.GetDirectoryName(assembly)!, Path.Combine(folder, name));
            SetVersion(Path.Combine(folder, name, Path.GetFileName(assembly)), built, version);
        }

        var smoke = typeof(Release).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(attribute => attribute.Key == "Smoke").Value!;
        Directory.CreateSymbolicLink(Path.Combine(folder, "smoke"), Path.GetDirectoryName(smoke)!);
        File.WriteAllText(
            Path.Combine(folder, "VERSION"),
            string.Create(CultureInfo.InvariantCulture, $"version={version}\ncommit=0\ndirty=true\nbuilt={DateTime.UtcNow:yyyy-MM-ddTHH:mm:ssZ}\n"));
        return new Release(folder, version);
    }

    private static void Copy(string from, string to)
    {
        Directory.CreateDirectory(to);
        foreach (var file in Directory.EnumerateFiles(from))
        {
            File.Copy(file, Path.Combine(to, Path.GetFileName(file)));
        }

        foreach (var inner in Directory.EnumerateDirectories(from))
        {
            Copy(inner, Path.Combine(to, Path.GetFileName(inner)));
        }
    }

    /// <summary>Writes another version of the same length into the assembly's attribute: prolog, length, text, no named arguments.</summary>
    private static void SetVersion(string assembly, string from, string to)
    {
        var bytes = File.ReadAllBytes(assembly);
        var text = Encoding.UTF8.GetBytes(from);
        byte[] attribute = [1, 0, checked((byte)text.Length), .. text, 0, 0];
        var at = bytes.AsSpan().IndexOf(attribute);
        Assert.True(at > 0, $"{assembly} does not say {from}");
        Encoding.UTF8.GetBytes(to).CopyTo(bytes.AsSpan(at + 3));
        File.WriteAllBytes(assembly, bytes);
    }
}
