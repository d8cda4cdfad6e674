namespace ReplyX.Api.Operators;

/// <summary>A short name for the device that a request comes from, so that people know their sessions apart.</summary>
internal static class DeviceName
{
    private const int MaxLength = 64;

    // In this order: Edge and Opera say Chrome too, Chrome says Safari, Android says Linux, and iPhones say Mac OS.
    private static readonly (string Token, string Name)[] _browsers =
        [("Edg", "Edge"), ("OPR/", "Opera"), ("Firefox/", "Firefox"), ("Chrome/", "Chrome"), ("Safari/", "Safari")];

    private static readonly (string Token, string Name)[] _systems =
    [
        ("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("Windows", "Windows"), ("Mac OS", "macOS"), ("CrOS", "ChromeOS"),
        ("Linux", "Linux"),
    ];

    public static string Of(HttpRequest request)
    {
        var agent = request.Headers.UserAgent.ToString();
        var (browser, system) = (Find(_browsers, agent), Find(_systems, agent));
        if (browser is not null)
        {
            return system is null ? browser : $"{browser}, {system}";
        }

        var shown = new string([.. agent.Where(c => !char.IsControl(c)).Take(MaxLength)]);
        return shown.Length > 0 ? shown : "unknown";
    }

    private static string? Find((string Token, string Name)[] known, string agent) =>
        Array.Find(known, one => agent.Contains(one.Token, StringComparison.Ordinal)).Name;
}
