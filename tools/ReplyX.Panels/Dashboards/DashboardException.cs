namespace ReplyX.Panels.Dashboards;

/// <summary>A dashboard that is not there or cannot be read; the message is for whoever runs the tool.</summary>
internal sealed class DashboardException(string message) : Exception(message);
