using ReplyX.Validation.Endpoints;

namespace ReplyX.Validation.Tests.Endpoints;

public sealed class CoverageTests(Reality reality)
{
    private const string Folder = "tests/ReplyX.Integration.Tests";
    private const string Site = "/ws/site/dialogs/{id}";
    private static readonly EachPathHasTests _tested = new();

    private Subject Subject => reality.Subject;

    [Fact]
    public void A_path_that_no_test_opens_is_named() => Assert.Equal(Missing, Assert.Single(WithoutSite().Faults(_tested)));

    [Theory]
    [InlineData("[Fact]", "await TestSocket.OpenAsync(node.Url, $\"/ws/site/dialogs/{id}\", token);", true)]
    [InlineData("[Theory]", "await FrameSocket.ConnectAsync(node.Url, $\"/ws/site/dialogs/{id}\");", true)]
    [InlineData("[Fact(Skip = \"slow\")]", "await TestSocket.OpenAsync(node.Url, $\"/ws/site/dialogs/{id}\", token);", false)]
    [InlineData("", "await TestSocket.OpenAsync(node.Url, $\"/ws/site/dialogs/{id}\", token);", false)]
    [InlineData("[Fact]", "Assert.Equal($\"/ws/site/dialogs/{id}\", path);", false)]
    [InlineData("[Fact]", "await TestSocket.OpenAsync(node.Url, $\"/ws/{mode}/dialogs/{id}\", token);", false)]
    [InlineData("[Fact]", "await TestSocket.OpenAsync(node.Url, \"/ws/site/\" + rest, token);", false)]
    [InlineData("[Fact]", "// await TestSocket.OpenAsync(node.Url, \"/ws/site/dialogs/1\", token);", false)]
    public void Only_a_test_that_runs_and_opens_it_counts(string attribute, string statement, bool counts)
    {
        var seeded = WithoutSite().With(
            $"{Folder}/Seeded.cs", $"public sealed class Seeded\n{{\n    {attribute}\n    public async Task Opens()\n    {{\n        {statement}\n    }}\n}}\n");

        Assert.Equal(counts ? [] : [Missing], seeded.Faults(_tested));
    }

    private string Missing => $"{Subject.InTable(Site)}: {Site} is opened by no test of {Folder}";

    private Subject WithoutSite() => Subject.Tree.Files(Folder, ".cs")
        .Where(file => file.Text.Contains("/ws/site/", StringComparison.Ordinal))
        .Aggregate(Subject, (subject, file) => subject.With(file.Path, "/ws/site/", "/ws/widget/"));
}
