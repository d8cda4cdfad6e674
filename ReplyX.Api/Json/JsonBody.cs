using System.Reflection;
using Microsoft.AspNetCore.Http.Metadata;

namespace ReplyX.Api.Json;

/// <summary>
/// A JSON body, or the problem with it, which <see cref="JsonBodyFilter"/> answers before the handler runs. The framework's own
/// binding does not tell the caller what is wrong.
/// </summary>
internal sealed class JsonBody<T>(T? value, Problem? problem) : IJsonBody, IEndpointParameterMetadataProvider
    where T : class
{
    public T Value => value ?? throw new InvalidOperationException("The body was refused; the endpoint lacks the filter.");

    public Problem? Problem => problem;

    public static async ValueTask<JsonBody<T>?> BindAsync(HttpContext context)
    {
        var (value, problem) = await JsonBodyReader.ReadAsync<T>(context, optional: false);
        return new JsonBody<T>(value, problem);
    }

    public static void PopulateMetadata(ParameterInfo parameter, EndpointBuilder builder) =>
        builder.Metadata.Add(new AcceptsMetadata(["application/json"], typeof(T)));
}

/// <summary>A <see cref="JsonBody{T}"/> that may be empty.</summary>
internal sealed class OptionalJsonBody<T>(T? value, Problem? problem) : IJsonBody, IEndpointParameterMetadataProvider
    where T : class
{
    public T? Value => value;

    public Problem? Problem => problem;

    public static async ValueTask<OptionalJsonBody<T>?> BindAsync(HttpContext context)
    {
        var (value, problem) = await JsonBodyReader.ReadAsync<T>(context, optional: true);
        return new OptionalJsonBody<T>(value, problem);
    }

    public static void PopulateMetadata(ParameterInfo parameter, EndpointBuilder builder) =>
        builder.Metadata.Add(new AcceptsMetadata(["application/json"], typeof(T), isOptional: true));
}

internal interface IJsonBody
{
    Problem? Problem { get; }
}
