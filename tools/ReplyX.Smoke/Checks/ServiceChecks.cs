using System.Globalization;
using System.Text.Json;
using ReplyX.Smoke.Wire;

namespace ReplyX.Smoke.Checks;

/// <summary>What the services say of themselves.</summary>
internal sealed class ServiceChecks(SmokeOptions options, IReadOnlyList<Side> sides, Deadline deadline)
{
    private const string ReportPath = "health/websocket";
    private const string ReadyPath = "health/ready";

    /// <summary>The Api's readiness, by the one name that the front door lets through.</summary>
    private const string FrontApiPath = "health/api";

    private string ApiPath => options.Front is null ? ReadyPath : FrontApiPath;

    /// <summary>Every Api is ready, and every node's report says that visitors are served.</summary>
    public async Task<string> CheckHealthAsync()
    {
        var said = "";
        foreach (var side in sides)
        {
            await AskAsync(side.ApiService, ApiPath);
            foreach (var node in side.NodeServices)
            {
                said = Describe(node, await AskAsync(node, ReportPath));
            }
        }

        return $"{said}, asked {string.Join(" and ", sides.Select(side => side.Name))}";
    }

    /// <summary>The Api and the nodes run what they should, and the front door leads to the nodes that it should.</summary>
    public async Task<string> CheckVersionAsync()
    {
        var side = sides[0];
        RequireVersion(side.ApiService.Name, await AskAsync(side.ApiService, ApiPath));
        if (options.Front is not null)
        {
            return await CheckFrontVersionAsync(side.NodeServices[0]);
        }

        foreach (var node in side.NodeServices)
        {
            RequireVersion(node.Name, await AskAsync(node, ReadyPath));
        }

        return string.Create(CultureInfo.InvariantCulture, $"the Api and {side.NodeServices.Count} nodes run {options.ExpectedVersion}");
    }

    private async Task<string> CheckFrontVersionAsync(ServiceClient front)
    {
        var report = await AskAsync(front, ReportPath);
        var node = Text(report, "node") ?? throw new CheckFailedException($"{front.Name}/{ReportPath} does not say which node answers");
        if (options.ExpectedNodes.Count > 0 && !options.ExpectedNodes.Contains(node))
        {
            throw new CheckFailedException($"{front.Name} leads to node {node}, which is none of those expected");
        }

        if (report.TryGetProperty("per_node", out var nodes) && nodes.ValueKind == JsonValueKind.Array)
        {
            foreach (var one in nodes.EnumerateArray().Where(one => Text(one, "id") == node))
            {
                RequireVersion($"node {node}", one);
            }
        }

        return $"HTTP and node {node} answer{(options.ExpectedVersion is null ? "" : $" with {options.ExpectedVersion}")}";
    }

    private async Task<JsonElement> AskAsync(ServiceClient service, string path)
    {
        var (status, report) = await service.AskAsync(path, deadline);
        return status == 200
            ? report
            : throw new CheckFailedException(string.Create(
                CultureInfo.InvariantCulture, $"{service.Name}/{path} answers {status}, {Text(report, "status") ?? "with no status"}{Why(report)}"));
    }

    private void RequireVersion(string name, JsonElement report)
    {
        var version = Text(report, "version");
        if (options.ExpectedVersion is { } expected && version != expected)
        {
            throw new CheckFailedException($"{name} runs {version ?? "a version that it does not tell"}, not {expected}");
        }
    }

    /// <summary>A proxy can answer 200 as well: the members must be there.</summary>
    private static string Describe(ServiceClient node, JsonElement report)
        => Text(report, "status") is "healthy" or "degraded"
            && Number(report, "active_admin_connections") is not null && Number(report, "active_site_connections") is not null
            && Number(report, "nodes") is { } nodes && Number(report, "ready_nodes") is { } ready
            ? string.Create(CultureInfo.InvariantCulture, $"{Text(report, "status")}, {ready} of {nodes} nodes ready")
            : throw new CheckFailedException($"{node.Name}/{ReportPath} is no report of the sockets' health");

    private static string Why(JsonElement report)
        => report.TryGetProperty("reasons", out var reasons) && reasons.ValueKind == JsonValueKind.Array
            ? ": " + string.Join(' ', reasons.EnumerateArray().Select(reason => reason.ToString()))
            : "";

    private static string? Text(JsonElement report, string name)
        => report.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static long? Number(JsonElement report, string name)
        => report.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var number) ? number : null;
}
