namespace ReplyX.Api.Authentication;

/// <summary>Refuses operators who were removed, before the endpoint does anything.</summary>
internal sealed class StandingFilter(CredentialStanding standing) : IEndpointFilter
{
    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var request = context.HttpContext;
        return request.User is OperatorCaller person
            && request.GetEndpoint()?.Metadata.GetMetadata<ChecksStandingMetadata>() is null
            && await standing.RefuseAsync(person, request.RequestAborted) is { } problem
            ? problem
            : await next(context);
    }
}
