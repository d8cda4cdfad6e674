using System.Text.RegularExpressions;
using ReplyX.Testing;

namespace ReplyX.Docs.Tests.Pages;

/// <summary>The tests of the repository by class and method, as their sources declare them: no project of tests needs another one built.</summary>
internal static partial class TestCatalogue
{
    private static readonly ILookup<string, string> _methods = Directory
        .EnumerateFiles(Repository.File("tests"), "*.cs", SearchOption.AllDirectories)
        .Where(file => !file.Contains("/obj/", StringComparison.Ordinal) && !file.Contains("/bin/", StringComparison.Ordinal))
        .SelectMany(file => Declared(File.ReadLines(file)))
        .ToLookup(test => test.Class, test => test.Method);

    /// <summary>Whether a class of tests, or one test of it, is there.</summary>
    /// <param name="name"><c>Class</c> or <c>Class.Method</c>.</param>
    public static bool Has(string name) => name.Split('.') is [var type, .. var method]
        && (method is [] ? _methods.Contains(type) : _methods[type].Contains(method[0]));

    // The class of a test is the last one that was declared before it; a method is a test if it follows the attribute.
    private static IEnumerable<(string Class, string Method)> Declared(IEnumerable<string> lines)
    {
        var type = "";
        var isTest = false;
        foreach (var line in lines)
        {
            if (ClassDeclaration().Match(line) is { Success: true } declaration)
            {
                type = declaration.Groups["name"].Value;
            }
            else if (TestAttribute().IsMatch(line))
            {
                isTest = true;
            }
            else if (isTest && MethodDeclaration().Match(line) is { Success: true } method)
            {
                isTest = false;
                yield return (type, method.Groups["name"].Value);
            }
        }
    }

    [GeneratedRegex(@"^\s*(?:(?:public|internal|protected|private|abstract|sealed|static|partial|file)\s+)*class\s+(?<name>\w+)")]
    private static partial Regex ClassDeclaration();

    [GeneratedRegex(@"^\s*\[(?:Fact|Theory)\b")]
    private static partial Regex TestAttribute();

    [GeneratedRegex(@"^\s*public\s+(?:(?:async|override|virtual|static)\s+)*(?:void|Task|ValueTask)\s+(?<name>\w+)\s*\(")]
    private static partial Regex MethodDeclaration();
}
