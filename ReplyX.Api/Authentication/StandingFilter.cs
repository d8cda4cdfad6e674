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

/// <summary>
/// Marks endpoints that ask <see cref="CredentialStanding"/> themselves, together with what they read anyway. For all others
/// <see cref="StandingFilter"/> asks first: to forget the mark costs a trip to Redis, not the check.
/// </summary>
internal sealed class ChecksStandingMetadata;
