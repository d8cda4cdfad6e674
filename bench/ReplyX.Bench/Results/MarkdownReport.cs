namespace ReplyX.Bench.Results;

internal static class MarkdownReport
{
    public static string Ratios(BenchResults results) => "";
    public static string Whole(BenchResults results) => "";
}
