using System.Globalization;
using System.Reflection;
using ReplyX.Api.Problems;

namespace ReplyX.Api.Tests.Problems;

public sealed class CatalogueTests
{
    [Fact]
    public void Every_code_is_documented_with_its_status()
    {
        var document = File.ReadAllLines(Path.Combine(AppContext.BaseDirectory, "http.md"));
        var problems = typeof(Problem).GetFields(BindingFlags.Public | BindingFlags.Static)
            .Where(field => field.FieldType == typeof(Problem))
            .Select(field => (Problem)field.GetValue(null)!)
            .ToArray();

        Assert.NotEmpty(problems);
        Assert.Equal(problems.Length, problems.Select(problem => problem.Code).Distinct().Count());
        foreach (var problem in problems)
        {
            var status = problem.Status.ToString(CultureInfo.InvariantCulture);
            Assert.Contains(document, line => line.StartsWith($"| {status} | `{problem.Code}` |", StringComparison.Ordinal));
        }
    }
}
