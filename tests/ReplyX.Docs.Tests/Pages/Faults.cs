namespace ReplyX.Docs.Tests.Pages;

internal static class Faults
{
    /// <summary>Fails with every fault on a line of its own, so that all can be mended at once.</summary>
    public static void None(IEnumerable<string> faults)
    {
        var found = faults.ToList();
        if (found.Count > 0)
        {
            Assert.Fail($"{found.Count} faults:\n{string.Join('\n', found)}");
        }
    }
}
