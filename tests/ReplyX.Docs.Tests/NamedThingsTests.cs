using System.Text.RegularExpressions;
using ReplyX.Docs.Tests.Pages;
using ReplyX.Testing;

namespace ReplyX.Docs.Tests;

/// <summary>What pages name in their text and commands, and do not link.</summary>
public sealed partial class NamedThingsTests
{
    [Fact]
    public void Every_test_that_a_page_names_is_there() => Faults.None(
        from page in Page.All
        from code in page.CodeSpans
        where TestName().IsMatch(code) && !TestCatalogue.Has(code)
        select $"{page.Path}: {code}: no such test");

    [Fact]
    public void Every_project_and_script_in_a_command_is_there() => Faults.None(
        from page in Page.All
        from command in page.CodeSpans.Concat(page.CodeBlocks.Select(block => block.Lines.ToString()))
        from named in ProjectOrScript().Matches(command)
        let path = named.Groups["path"].Value
        where !File.Exists(Repository.File(path)) && !Directory.Exists(Repository.File(path))
        select $"{page.Path}: {path}: there is none");

    [GeneratedRegex(@"^[A-Z]\w*Tests(?:\.\w+)?$")]
    private static partial Regex TestName();

    // What stands for any name is in angle brackets.
    [GeneratedRegex(@"--project (?<path>[\w./-]+)(?![\w./<-])|(?<=^|\s)(?<path>(?:scripts|docs|eng|samples|tools|bench|tests|deploy|observability)/[\w./-]+\.(?:sh|mjs|cs|js|ts|lua))\b", RegexOptions.Multiline)]
    private static partial Regex ProjectOrScript();
}
