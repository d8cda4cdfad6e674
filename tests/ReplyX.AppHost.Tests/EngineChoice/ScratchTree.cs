using System.Diagnostics;
using ReplyX.Testing;

namespace ReplyX.AppHost.Tests.EngineChoice;

/// <summary>A clean tree with this repository's <c>eng/</c>, a tiny host in the shape of the real one, and a package source of its own.</summary>
internal sealed class ScratchTree : IDisposable
{
    private readonly TempDirectory _root = new();

    public ScratchTree()
    {
        Feed = new FakeFeed(_root.File("feed"));
        Copy("eng/Aspire.props");
        Copy("eng/NuGetSources.props");
        Copy("eng/aspire-probe.proj");
        Copy("Directory.Solution.props");
        Write("Directory.Build.props", """
            <Project>
              <Import Project="eng/Aspire.props" />
              <PropertyGroup><TargetFramework>net10.0</TargetFramework></PropertyGroup>
            </Project>
            """);
        UseSource("NuGet.config", Feed);
        Write("Host/Host.csproj", """
            <Project>
              <Import Project="Sdk.props" Sdk="Microsoft.NET.Sdk" />
              <Import Project="Sdk.props" Sdk="Aspire.AppHost.Sdk" Version="$(AspireVersion)" Condition="'$(UseAspire)' == 'true'" />
              <PropertyGroup>
                <OutputType>Exe</OutputType>
                <DefineConstants Condition="'$(MadeUpSdk)' == 'imported'">$(DefineConstants);ASPIRE</DefineConstants>
              </PropertyGroup>
              <ItemGroup Condition="'$(UseAspire)' == 'true'">
                <PackageReference Include="Aspire.Hosting.Redis" Version="$(AspireVersion)" />
              </ItemGroup>
              <Import Project="Sdk.targets" Sdk="Microsoft.NET.Sdk" />
              <Import Project="Sdk.targets" Sdk="Aspire.AppHost.Sdk" Version="$(AspireVersion)" Condition="'$(UseAspire)' == 'true'" />
            </Project>
            """);
        Write("Host/Program.cs", """
            #if ASPIRE
            System.Console.WriteLine("runs on Aspire");
            #else
            System.Console.WriteLine("runs on local");
            #endif
            """);
        Write("Tree.slnx", """<Solution><Project Path="Host/Host.csproj" /></Solution>""");
    }

    public FakeFeed Feed { get; }

    private string Root => _root.File("tree");

    /// <summary>The recorded answer, <c>yes</c> or <c>no</c>.</summary>
    public string? Answer(string answer) => Directory.Exists(File("artifacts/aspire"))
        ? Directory.EnumerateFiles(File("artifacts/aspire"), $"{FakeFeed.Version}-*.{answer}").SingleOrDefault()
        : null;

    /// <summary>Another feed beside the tree's own.</summary>
    public FakeFeed AnotherFeed() => new(_root.File("another feed"));

    /// <summary>Writes a NuGet.config that knows one source only.</summary>
    public void UseSource(string path, FakeFeed feed) => Write(path, $"""
        <configuration>
          <packageSources><clear /><add key="made-up" value="{feed.Folder}" /></packageSources>
          <fallbackPackageFolders><clear /></fallbackPackageFolders>
          <auditSources><clear /></auditSources>
        </configuration>
        """);

    /// <summary>Takes back what <see cref="UseSource"/> wrote.</summary>
    public void ForgetSource(string path)
    {
        System.IO.File.Delete(File(path));
        UseSource("NuGet.config", Feed);
    }

    /// <summary>Runs the .NET CLI in the tree.</summary>
    /// <returns>The exit code, all that it wrote, and the lines that speak of the engine.</returns>
    public async Task<(int ExitCode, string Output, string[] Said)> DotnetAsync(string command, string? useAspire = null)
    {
        var start = new ProcessStartInfo("dotnet", command.Split(' ')) { WorkingDirectory = Root };

        // A test run is itself started by the CLI: what that set must not reach this one.
        foreach (var name in start.Environment.Keys.Where(IsOfTheOuterBuild).ToArray())
        {
            start.Environment.Remove(name);
        }

        start.Environment["NUGET_PACKAGES"] = _root.File("packages");
        start.Environment["MSBUILDDISABLENODEREUSE"] = "1";
        start.Environment["DOTNET_NOLOGO"] = "1";
        start.Environment["DOTNET_CLI_UI_LANGUAGE"] = "en";
        if (useAspire is not null)
        {
            start.Environment["UseAspire"] = useAspire;
        }

        var (exitCode, output) = await Command.RunAsync(start, TimeSpan.FromMinutes(3));
        return (exitCode, output, [.. output.Split('\n').Select(line => line.Trim()).Where(line => line.StartsWith("AppHost engine:", StringComparison.Ordinal))]);
    }

    public void Dispose() => _root.Dispose();

    private static bool IsOfTheOuterBuild(string variable) =>
        variable.StartsWith("MSBUILD", StringComparison.OrdinalIgnoreCase) || variable.Equals("UseAspire", StringComparison.OrdinalIgnoreCase);

    private string File(string path) => Path.GetFullPath(Path.Combine(Root, path));

    private void Copy(string path) => Write(path, System.IO.File.ReadAllText(Repository.File(path)));

    private void Write(string path, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(File(path))!);
        System.IO.File.WriteAllText(File(path), text);
    }
}
