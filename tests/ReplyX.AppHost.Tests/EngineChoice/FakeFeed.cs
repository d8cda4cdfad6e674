using System.IO.Compression;
using System.Runtime.InteropServices;
using System.Text;

namespace ReplyX.AppHost.Tests.EngineChoice;

/// <summary>A folder feed whose packages have the names and versions of Aspire's and next to nothing in them.</summary>
internal sealed class FakeFeed(string folder)
{
    public const string Version = "13.5.2";

    private const string Sdk = "Aspire.AppHost.Sdk";

    // Aspire has them for the portable platforms alone.
    private static readonly string _platform =
        $"{(OperatingSystem.IsMacOS() ? "osx" : "linux")}-{RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant()}";

    /// <summary>All that an AppHost needs on this machine.</summary>
    public static readonly string[] AllPackages =
    [
        Sdk,
        "Aspire.Hosting",
        "Aspire.Hosting.AppHost",
        "Aspire.Hosting.Redis",
        "Aspire.Hosting.Testing",
        "Aspire.StackExchange.Redis",
        $"Aspire.Dashboard.Sdk.{_platform}",
        $"Aspire.Hosting.Orchestration.{_platform}",
    ];

    // What the real one does with this: imports nothing that the project has imported, and adds its own package.
    private static readonly (string Path, string Text)[] _sdk =
    [
        ("Sdk/Sdk.props", "<Project><PropertyGroup><MadeUpSdk>imported</MadeUpSdk></PropertyGroup></Project>"),
        ("Sdk/Sdk.targets", $"""
            <Project>
              <ItemGroup><PackageReference Include="Aspire.Hosting.AppHost" Version="{Version}" IsImplicitlyDefined="true" /></ItemGroup>
            </Project>
            """),
    ];

    public string Folder { get; } = Directory.CreateDirectory(folder).FullName;

    public void Serve(params IEnumerable<string> packages)
    {
        foreach (var package in packages)
        {
            Write(package, package == Sdk ? _sdk : [("lib/net8.0/_._", "")]);
        }
    }

    /// <summary>Takes every package off the feed.</summary>
    public void ServeNothing()
    {
        foreach (var package in Directory.EnumerateFiles(Folder))
        {
            File.Delete(package);
        }
    }

    private void Write(string id, (string Path, string Text)[] content)
    {
        using var package = ZipFile.Open(Path.Combine(Folder, $"{id}.{Version}.nupkg"), ZipArchiveMode.Create);
        var type = id == Sdk ? "<packageTypes><packageType name=\"MSBuildSdk\" /></packageTypes>" : "";
        Add(package, $"{id}.nuspec", $"""
            <?xml version="1.0" encoding="utf-8"?>
            <package xmlns="http://schemas.microsoft.com/packaging/2013/05/nuspec.xsd">
              <metadata><id>{id}</id><version>{Version}</version><authors>test</authors><description>made up</description>{type}</metadata>
            </package>
            """);
        foreach (var (path, text) in content)
        {
            Add(package, path, text);
        }
    }

    private static void Add(ZipArchive package, string path, string text)
    {
        using var entry = package.CreateEntry(path).Open();
        entry.Write(Encoding.UTF8.GetBytes(text));
    }
}
