using System.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;

namespace ReplyX.ServiceDefaults.Problems;

/// <summary>The form that both services give their errors: problem details (RFC 9457) with a <c>code</c> that programs branch on.</summary>
public static class ProblemFormat
{
    /// <summary>The content type of problem details.</summary>
    public const string MediaType = "application/problem+json";

    /// <summary>The URI that identifies a kind of problem.</summary>
    public static string TypeOf(string code) => $"https://replyx.dev/problems/{code}";

    /// <summary>The id under which the request stands in traces and logs.</summary>
    public static string TraceIdOf(HttpContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return Activity.Current?.TraceId.ToHexString() ?? context.TraceIdentifier;
    }

    /// <summary>Creates problem details. A caller may add members of its own to the extensions.</summary>
    public static ProblemDetails Create(int status, string code, string title) => new()
    {
        Status = status,
        Title = title,
        Type = TypeOf(code),
        Extensions = { ["code"] = code },
    };
}
