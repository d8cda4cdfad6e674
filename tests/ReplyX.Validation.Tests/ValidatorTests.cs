namespace ReplyX.Validation.Tests;

public sealed class ValidatorTests(Reality reality)
{
    private const string Usage = "how it is used";

    [Fact]
    public void Faults_are_lines_annotations_and_an_exit_code()
    {
        var check = new Found(new Fault("a is 100% wrong", new Place("docs/a, b.md", 7)), new Fault("and\nb", new Place("clients")));

        var (plain, said) = Report(annotate: false, check, new Found());
        var (annotated, lines) = Report(annotate: true, check);

        Assert.Equal((Validator.Faulty, Validator.Faulty), (plain, annotated));
        Assert.Equal(
            ["fault  it is so (2 things)", "docs/a, b.md:7: a is 100% wrong", "clients: and", "b", "ok     it is so (2 things)", "1 of 2 checks failed: 2 faults"], said);
        Assert.Contains("::error file=docs/a%2C b.md,line=7::a is 100%25 wrong", lines);
        Assert.Contains("::error file=clients::and%0Ab", lines);
    }

    [Fact]
    public void Without_faults_it_is_good()
    {
        var (code, said) = Report(annotate: true, new Found());

        Assert.Equal((Validator.Good, "1 checks, no fault"), (code, said[^1]));
    }

    [Theory]
    [InlineData("--root")]
    [InlineData("--root", "/nowhere")]
    [InlineData("--verbose")]
    [InlineData("--root", "/", "more")]
    public async Task Wrong_usage_has_its_own_code(params string[] arguments)
    {
        using var output = new StringWriter();
        using var errors = new StringWriter();

        Assert.Equal(Validator.BadUsage, await new Validator(output, errors, annotate: false).ValidateAsync(arguments, Usage, []));
        Assert.Contains(Usage, errors.ToString(), StringComparison.Ordinal);
        Assert.Empty(output.ToString());
    }

    private (int Code, string[] Lines) Report(bool annotate, params ICheck[] checks)
    {
        using var output = new StringWriter { NewLine = "\n" };
        var code = new Validator(output, TextWriter.Null, annotate).Report(reality.Subject, checks);
        return (code, output.ToString().TrimEnd().Split('\n'));
    }

    private sealed class Found(params Fault[] faults) : ICheck
    {
        public string Claim => "it is so";

        public Verdict Judge(Subject subject) => new(faults, "2 things");
    }
}
