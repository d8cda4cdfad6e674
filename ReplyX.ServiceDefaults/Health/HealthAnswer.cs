namespace ReplyX.ServiceDefaults.Health;

internal sealed record HealthAnswer(string Status, Dictionary<string, string> Checks);
