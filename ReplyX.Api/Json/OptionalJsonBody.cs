using System.Reflection;
using Microsoft.AspNetCore.Http.Metadata;

namespace ReplyX.Api.Json;

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
