namespace ReplyX.Smoke.Checks;

/// <summary>What came of one check.</summary>
/// <param name="Name">What it is called.</param>
/// <param name="Outcome">Whether all is well.</param>
/// <param name="Detail">What was found, in words.</param>
/// <param name="Milliseconds">How long it took.</param>
internal sealed record CheckResult(string Name, CheckOutcome Outcome, string Detail, double Milliseconds)
{
    public override string ToString()
    {
        var took = Outcome == CheckOutcome.Skipped ? "" : $" ({Milliseconds:0} ms)";
        return $"{Outcome.ToString().ToLowerInvariant(),-7}  {Name,-9}  {Detail}{took}";
    }
}
