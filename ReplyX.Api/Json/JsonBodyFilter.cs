namespace ReplyX.Api.Json;

/// <summary>Answers a body's problem.</summary>
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
