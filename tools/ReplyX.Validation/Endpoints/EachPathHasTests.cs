using System.Globalization;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using ReplyX.Validation.Services;
using ReplyX.Validation.Sources;

namespace ReplyX.Validation.Endpoints;

/// <summary>
/// A path has tests if at least one test of <c>tests/ReplyX.Integration.Tests</c> that is not skipped opens a socket on it: a call of
/// <c>Open…</c> or <c>Connect…</c> in the test itself, with the path as an argument. A path that is put together from a variable
/// counts for none, since nobody sees here what the variable is.
/// </summary>
internal sealed class EachPathHasTests : ICheck
{
    private const string Folder = "tests/ReplyX.Integration.Tests";

    public string Claim => "each path is opened by tests";

    public Verdict Judge(Subject subject)
    {
        var opened = subject.Tree.Files(Folder, ".cs").SelectMany(Opened).ToList();
        var counts = subject.Graph.Table.Select(row => (row.Path, Tests: Tests(row, opened))).ToList();
        return new Verdict(
            [
                .. counts
                    .Where(count => count.Tests == 0)
                    .Select(count => new Fault($"{count.Path} is opened by no test of {Folder}", subject.InTable(count.Path))),
            ],
            string.Join(", ", counts.Select(count => string.Create(CultureInfo.InvariantCulture, $"{count.Path}: {count.Tests} tests"))));
    }

    private static int Tests(TablePath row, List<(string Test, WrittenPath Path)> opened) =>
        opened.Where(one => one.Path.Fits(row.Path, mayFill: false) && !one.Path.IsOpen).Select(one => one.Test).Distinct().Count();

    private static IEnumerable<(string Test, WrittenPath Path)> Opened(SourceFile file) =>
        from method in file.Syntax.GetRoot().DescendantNodes().OfType<MethodDeclarationSyntax>()
        where IsTest(method)
        from call in method.DescendantNodes().OfType<InvocationExpressionSyntax>()
        where Opens(call)
        from argument in call.ArgumentList.Arguments
        let path = CSharpText.PathOf(argument.Expression)
        where path is not null
        select ($"{file.Path} {method.Identifier.ValueText}", path);

    private static bool IsTest(MethodDeclarationSyntax method) => method.AttributeLists
        .SelectMany(list => list.Attributes)
        .Any(attribute => attribute.Name.ToString() is "Fact" or "Theory"
            && attribute.ArgumentList?.Arguments.Any(argument => argument.NameEquals?.Name.Identifier.ValueText == "Skip") != true);

    private static bool Opens(InvocationExpressionSyntax call) =>
        call.Expression is MemberAccessExpressionSyntax { Name.Identifier.ValueText: var name }
        && (name.StartsWith("Open", StringComparison.Ordinal) || name.StartsWith("Connect", StringComparison.Ordinal));
}
