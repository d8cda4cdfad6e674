namespace ReplyX.Api.Json;

/// <summary>Answers with the problem of a body that could not be read.</summary>
internal sealed class JsonBodyFilter : IEndpointFilter
{
    public ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        foreach (var argument in context.Arguments)
        {
            if (argument is IJsonBody { Problem: { } problem })
            {
                return new ValueTask<object?>(problem);
            }
        }

        return next(context);
    }
}
