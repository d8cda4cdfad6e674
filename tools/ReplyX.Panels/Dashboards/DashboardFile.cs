namespace ReplyX.Panels.Dashboards;

/// <param name="Name">Its file's name without .json.</param>
/// <param name="Dashboard">What the file holds.</param>
internal sealed record DashboardFile(string Name, GrafanaDashboard Dashboard);
