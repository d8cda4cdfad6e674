using Microsoft.AspNetCore.Authorization;

namespace ReplyX.Api.Authentication;

internal static class AuthenticationExtensions
{
    public static void AddCredentials(this IServiceCollection services)
    {
        // The core, since the rest is data protection, which writes keys to a folder at start and encrypts nothing here.
        services.AddAuthenticationCore(options =>
        {
            options.DefaultScheme = BearerHandler.Scheme;
            options.AddScheme<BearerHandler>(BearerHandler.Scheme, displayName: null);
        });
        services.AddWebEncoders();
        services.AddTransient<BearerHandler>();
        services.AddSingleton<CredentialStanding>();
        services.AddAuthorization();
    }

    /// <summary>Serves only callers with one of these tokens.</summary>
    public static TBuilder RequireCredential<TBuilder>(this TBuilder endpoint, Credential accepted)
        where TBuilder : IEndpointConventionBuilder =>
        endpoint.WithMetadata(new CredentialMetadata(accepted, Optional: false)).RequireAuthorization();

    /// <summary>Serves callers with one of these tokens and callers without any, but none with a bad one.</summary>
    public static TBuilder AllowCredential<TBuilder>(this TBuilder endpoint, Credential accepted)
        where TBuilder : IEndpointConventionBuilder =>
        endpoint.WithMetadata(new CredentialMetadata(accepted, Optional: true)).RequireAuthorization(_noneOrGood);

    /// <summary>Says that the endpoint asks for itself whether the caller's credential still stands.</summary>
    public static TBuilder ChecksStanding<TBuilder>(this TBuilder endpoint)
        where TBuilder : IEndpointConventionBuilder =>
        endpoint.WithMetadata(new ChecksStandingMetadata());

    private static readonly AuthorizationPolicy _noneOrGood = new AuthorizationPolicyBuilder()
        .RequireAssertion(context =>
            context.User is Caller || context.Resource is HttpContext { Request.Headers.Authorization.Count: 0 })
        .Build();
}
