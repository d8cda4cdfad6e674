using System.Text.Json;
using System.Text.Json.Serialization;
using ReplyX.Smoke.Checks;

namespace ReplyX.Smoke;

/// <summary>What came of each check, told as soon as it is known.</summary>
/// <param name="lines">Where a line for each goes; null for none.</param>
/// <param name="time">The clock.</param>
internal sealed class SmokeReport(TextWriter? lines, TimeProvider time)
{
    private readonly List<CheckResult> _checks = [];

    public IReadOnlyList<CheckResult> Checks => _checks;

    /// <summary>Of the first check that failed.</summary>
    public int ExitCode { get; private set; }

    /// <summary>Does a check, and notes what came of it.</summary>
    /// <param name="name">What it is called.</param>
    /// <param name="check">Does it, and says in words what was found.</param>
    /// <returns>Whether all is well.</returns>
    public async Task<bool> RunAsync(string name, Func<Task<string>> check)
    {
        var begun = time.GetTimestamp();
        try
        {
            Add(new CheckResult(name, CheckOutcome.Ok, await check(), Milliseconds(begun)));
            return true;
        }
        catch (CheckFailedException e)
        {
            ExitCode = ExitCode != SmokeCommand.Good ? ExitCode : e.IsUnreachable ? SmokeCommand.Unreachable : SmokeCommand.Failed;
            Add(new CheckResult(name, CheckOutcome.Failed, e.Message, Milliseconds(begun)));
            return false;
        }
    }

    public void Skip(string name, string why) => Add(new CheckResult(name, CheckOutcome.Skipped, why, 0));

    public string ToJson() => JsonSerializer.Serialize(new SmokeAnswer(ExitCode == SmokeCommand.Good, ExitCode, _checks), SmokeJson.Default.SmokeAnswer);

    private void Add(CheckResult result)
    {
        result = result with { Detail = OneLine(result.Detail) };
        _checks.Add(result);
        lines?.WriteLine(result.ToString());
        lines?.Flush();
    }

    private double Milliseconds(long begun) => Math.Round(time.GetElapsedTime(begun).TotalMilliseconds, 1);

    /// <summary>What strangers answer must not write control characters on a terminal or into a log.</summary>
    private static string OneLine(string text) => string.Concat(text.Select(letter => char.IsControl(letter) ? ' ' : letter));
}

internal sealed record SmokeAnswer(bool Ok, int ExitCode, IReadOnlyList<CheckResult> Checks);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, UseStringEnumConverter = true)]
[JsonSerializable(typeof(SmokeAnswer))]
internal sealed partial class SmokeJson : JsonSerializerContext;
