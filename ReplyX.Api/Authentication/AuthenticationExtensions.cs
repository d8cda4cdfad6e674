using Microsoft.AspNetCore.Authorization;

namespace ReplyX.Api.Authentication;

internal static class AuthenticationExtensions
{
    public static void AddCredentials(this IServiceCollection services)
    {
        // Only the core: AddAuthentication also adds data protection, which would write keys to a folder and is not used here.
        services.AddAuthenticationCore(options =>
        {
            options.DefaultScheme = BearerHandler.Scheme;
            options.AddScheme<BearerHandler>(BearerHandler.Scheme, displayName: null);
        });
        services.AddWebEncoders();
        services.AddTransient<BearerHandler>();
        services.AddSingleton<SitesThere>();
        services.AddSingleton<CredentialRevocation>();
        services.AddAuthorization();
    }

    /// <summary>Serves only callers with one of these tokens.</summary>
    public static TBuilder RequireCredential<TBuilder>(this TBuilder endpoint, Credential accepted)
        where TBuilder : IEndpointConventionBuilder =>
        endpoint.WithMetadata(new CredentialMetadata(accepted, Optional: false)).RequireAuthorization();

    /// <summary>Serves only owners of the account. That they still are is checked again by the transaction that makes the change.</summary>
    public static TBuilder RequireOwner<TBuilder>(this TBuilder endpoint)
        where TBuilder : IEndpointConventionBuilder =>
        endpoint.RequireCredential(Credential.Operator).WithMetadata(new OwnersOnlyMetadata());

    /// <summary>Serves callers with one of these tokens and callers without a token, but refuses invalid tokens.</summary>
    public static TBuilder AllowCredential<TBuilder>(this TBuilder endpoint, Credential accepted)
        where TBuilder : IEndpointConventionBuilder =>
        endpoint.WithMetadata(new CredentialMetadata(accepted, Optional: true)).RequireAuthorization(_noneOrValid);

    /// <summary>Marks an endpoint that checks itself whether the caller's credential was revoked.</summary>
    public static TBuilder ChecksRevocation<TBuilder>(this TBuilder endpoint)
        where TBuilder : IEndpointConventionBuilder =>
        endpoint.WithMetadata(new ChecksRevocationMetadata());

    private static readonly AuthorizationPolicy _noneOrValid = new AuthorizationPolicyBuilder()
        .RequireAssertion(context =>
            context.User is Caller || context.Resource is HttpContext { Request.Headers.Authorization.Count: 0 })
        .Build();
}
