using System.Globalization;

namespace ReplyX.Testing;

public static class Seed
{
    /// <summary>
    /// Random numbers for one test. The seed is written to the test's output; REPLYX_SEED repeats a run.
    /// The caller's lines decide how threads share it: <see cref="System.Random"/> with a seed is not thread-safe.
    /// </summary>
    public static Random Random()
    {
        var seed = int.TryParse(Environment.GetEnvironmentVariable("REPLYX_SEED"), CultureInfo.InvariantCulture, out var given)
            ? given
            : System.Random.Shared.Next();
        TestContext.Current.TestOutputHelper?.WriteLine($"seed {seed} (REPLYX_SEED={seed} repeats this run)");
        return new Random(seed);
    }
}
