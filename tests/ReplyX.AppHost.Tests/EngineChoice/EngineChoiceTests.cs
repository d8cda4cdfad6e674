namespace ReplyX.AppHost.Tests.EngineChoice;

/// <summary>Which engine runs the AppHost follows from what the package sources serve, and is said in one line.</summary>
public sealed class EngineChoiceTests
{
    private const string SaysAspire = $"AppHost engine: Aspire {FakeFeed.Version}";
    private const string SaysLocal = $"AppHost engine: local (no package source serves Aspire {FakeFeed.Version})";

    [Theory]
    [InlineData("restore Host", "build Host")]
    [InlineData("restore Tree.slnx", "build Tree.slnx")]
    [InlineData("build Host", "build Host")]
    [InlineData("build Tree.slnx", "build Tree.slnx")]
    public async Task Where_the_packages_are_served_Aspire_is_taken_and_the_yes_is_kept(string first, string second)
    {
        using var tree = new ScratchTree();
        tree.Feed.Serve(FakeFeed.AllPackages);

        var fresh = await tree.DotnetAsync(first);
        Assert.True(fresh.ExitCode == 0, fresh.Output);
        Assert.Equal([SaysAspire], fresh.Said);
        Assert.NotNull(tree.Answer("yes"));

        var again = await tree.DotnetAsync(second);
        Assert.True(again.ExitCode == 0, again.Output);
        Assert.Empty(again.Said);

        var run = await tree.DotnetAsync("run --project Host");
        Assert.Equal("runs on Aspire", run.Output.Trim());
    }

    [Theory]
    [InlineData("restore Host")]
    [InlineData("restore Tree.slnx")]
    [InlineData("build Host")]
    [InlineData("build Tree.slnx")]
    public async Task Where_they_are_not_the_local_engine_is_taken(string command)
    {
        using var tree = new ScratchTree();

        var fresh = await tree.DotnetAsync(command);
        Assert.True(fresh.ExitCode == 0, fresh.Output);
        Assert.Equal([SaysLocal], fresh.Said);

        var run = await tree.DotnetAsync("run --project Host");
        Assert.Equal("runs on local", run.Output.Trim());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_first_run_from_clean_asks_too(bool served)
    {
        using var tree = new ScratchTree();
        if (served)
        {
            tree.Feed.Serve(FakeFeed.AllPackages);
        }

        var run = await tree.DotnetAsync("run --project Host");

        Assert.Equal((0, served ? "runs on Aspire" : "runs on local"), (run.ExitCode, run.Output.Trim()));
    }

    [Fact]
    public async Task A_source_that_serves_only_some_of_them_is_no_source()
    {
        // The SDK, a library, dashboard and orchestrator.
        foreach (var missing in FakeFeed.AllPackages.Where(package => package is "Aspire.AppHost.Sdk" or "Aspire.Hosting" || package.EndsWith("64", StringComparison.Ordinal)))
        {
            using var tree = new ScratchTree();
            tree.Feed.Serve(FakeFeed.AllPackages.Where(package => package != missing));

            var (_, output, said) = await tree.DotnetAsync("restore Host");

            Assert.True(said is [SaysLocal], $"without {missing}: {output}");
        }
    }

    [Fact]
    public async Task Packages_that_only_the_machines_folder_has_are_not_served()
    {
        using var tree = new ScratchTree();
        tree.Feed.Serve(FakeFeed.AllPackages);
        Assert.Equal([SaysAspire], (await tree.DotnetAsync("restore Host")).Said);
        File.Delete(tree.Answer("yes")!);
        tree.Feed.ServeNothing();

        Assert.Equal([SaysLocal], (await tree.DotnetAsync("restore Host")).Said);
        Assert.Equal("runs on local", (await tree.DotnetAsync("run --project Host")).Output.Trim());
    }

    [Theory]
    [InlineData("NuGet.config")]
    [InlineData("../nuget.config")]
    public async Task An_answer_does_not_outlive_a_change_of_sources(string changed)
    {
        using var tree = new ScratchTree();
        var empty = tree.AnotherFeed();
        tree.Feed.Serve(FakeFeed.AllPackages);
        Assert.Equal([SaysAspire], (await tree.DotnetAsync("restore Host")).Said);

        tree.UseSource(changed, empty);
        tree.Feed.ServeNothing();
        Assert.Equal([SaysLocal], (await tree.DotnetAsync("restore Host")).Said);
        Assert.Equal("runs on local", (await tree.DotnetAsync("run --project Host")).Output.Trim());

        // Back to the sources that said yes, which is remembered.
        tree.Feed.Serve(FakeFeed.AllPackages);
        tree.ForgetSource(changed);
        Assert.Empty((await tree.DotnetAsync("restore Host")).Said);
        Assert.Equal("runs on Aspire", (await tree.DotnetAsync("run --project Host")).Output.Trim());
    }

    [Fact]
    public async Task A_no_is_asked_again_when_it_is_two_minutes_old()
    {
        using var tree = new ScratchTree();
        Assert.Equal([SaysLocal], (await tree.DotnetAsync("restore Host")).Said);
        tree.Feed.Serve(FakeFeed.AllPackages);

        Assert.Empty((await tree.DotnetAsync("restore Host")).Said);

        File.SetLastWriteTime(tree.Answer("no")!, DateTime.Now.AddMinutes(-3));
        Assert.Equal([SaysAspire], (await tree.DotnetAsync("restore Host")).Said);
        var run = await tree.DotnetAsync("run --project Host");
        Assert.Equal("runs on Aspire", run.Output.Trim());
    }

    [Theory]
    [InlineData("build Host -p:UseAspire=true", null)]
    [InlineData("build Tree.slnx -p:UseAspire=true", null)]
    [InlineData("build Host", "true")]
    public async Task Aspire_by_order_fails_with_the_package_managers_own_words_where_it_cannot_be_had(string command, string? environment)
    {
        using var tree = new ScratchTree();

        var (exitCode, output, said) = await tree.DotnetAsync(command, environment);

        Assert.NotEqual(0, exitCode);
        // From a project it is the SDK resolver that says so, from a solution NuGet itself (NU1101).
        Assert.Contains("Unable to find package Aspire.", output, StringComparison.Ordinal);
        Assert.Empty(said);
    }

    [Theory]
    [InlineData("build Host -p:UseAspire=false", null)]
    [InlineData("build Host", "false")]
    public async Task Local_by_order_asks_nobody(string command, string? environment)
    {
        using var tree = new ScratchTree();
        tree.Feed.Serve(FakeFeed.AllPackages);

        var (exitCode, output, said) = await tree.DotnetAsync(command, environment);

        Assert.True(exitCode == 0, output);
        Assert.Empty(said);
        Assert.Null(tree.Answer("yes"));
    }
}
