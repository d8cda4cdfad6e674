namespace ReplyX.Testing;

/// <summary>Whether tests are run in the combinations that CI has no time for: <c>REPLYX_LONG_TESTS=1</c>.</summary>
public static class LongTests
{
    public static bool AreOn { get; } = Environment.GetEnvironmentVariable("REPLYX_LONG_TESTS") == "1";
}
