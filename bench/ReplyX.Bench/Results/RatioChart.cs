namespace ReplyX.Bench.Results;

internal static class RatioChart
{
    public static string Draw(BenchResults results) => "";
}
