namespace ReplyX.Api.Authentication;

/// <summary>Refuses operators who were removed, before the endpoint runs.</summary>
internal sealed class RevocationFilter(CredentialRevocation revocation) : IEndpointFilter
{
    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var request = context.HttpContext;
        return request.User is OperatorCaller person
            && request.GetEndpoint()?.Metadata.GetMetadata<ChecksRevocationMetadata>() is null
            && await revocation.CheckAsync(person, request.RequestAborted) is { } problem
            ? problem
            : await next(context);
    }
}

/// <summary>
/// Marks endpoints that call <see cref="CredentialRevocation"/> themselves, at the same time as their other reads. For all others
/// <see cref="RevocationFilter"/> calls it first: without the mark a request costs one more trip to Redis, but is still checked.
/// </summary>
internal sealed class ChecksRevocationMetadata;
