using ReplyX.Messaging.Accounts;

namespace ReplyX.Api.Authentication;

/// <summary>
/// Refuses operators who were removed or signed out, and at endpoints for owners everybody else, before the endpoint runs.
/// </summary>
internal sealed class RevocationFilter(CredentialRevocation revocation) : IEndpointFilter
{
    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var request = context.HttpContext;
        if (request.User is not OperatorCaller person
            || request.GetEndpoint()?.Metadata is not { } metadata
            || metadata.GetMetadata<ChecksRevocationMetadata>() is not null)
        {
            return await next(context);
        }

        if (await revocation.CheckAsync(person, request.RequestAborted) is { } problem)
        {
            return problem;
        }

        return metadata.GetMetadata<OwnersOnlyMetadata>() is not null && person.Person.Role != OperatorRole.Owner
            ? Problem.OwnersOnly
            : await next(context);
    }
}

/// <summary>
/// Marks endpoints that call <see cref="CredentialRevocation"/> themselves, at the same time as their other reads. For all others
/// <see cref="RevocationFilter"/> calls it first: without the mark a request costs one more trip to Redis, but is still checked.
/// </summary>
internal sealed class ChecksRevocationMetadata;

/// <summary>Marks endpoints that only an owner of the account may call.</summary>
internal sealed class OwnersOnlyMetadata;
