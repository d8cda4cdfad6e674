using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.OpenIdConnect;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using ReplyX.Api.Limits;
using ReplyX.Api.Operators;
using ReplyX.ServiceDefaults.Edge;

namespace ReplyX.Api.Oidc;

internal static class OidcExtensions
{
    // Longer than a person waits for a page.
    private static readonly TimeSpan _authorityTimeout = TimeSpan.FromSeconds(10);

    /// <summary>Adds ASP.NET Core's own handler for each configured authority.</summary>
    public static void AddOidc(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddOptions<OidcOptions>().BindConfiguration(OidcOptions.Section).ValidateOnStart();
        services.AddSingleton<IValidateOptions<OidcOptions>, OidcOptionsValidator>();
        services.AddSingleton<OidcProviders>();
        services.AddSingleton<OidcSignIn>();
        services.AddSingleton<OidcEvents>();
        services.AddSingleton<IDataProtectionProvider, DerivedDataProtection>();
        services.AddSingleton<IAuthenticationConfigurationProvider, NoSchemesInConfiguration>();
        var authentication = new AuthenticationBuilder(services);
        foreach (var provider in builder.Configuration.GetSection(OidcOptions.Section).GetChildren())
        {
            var id = provider.Key.ToLowerInvariant();
            var scheme = OidcProviders.SchemeOf(id);
            authentication.AddOpenIdConnect(scheme, displayName: null, options => Configure(options, id));
            services.AddOptions<OpenIdConnectOptions>(scheme)
                .Configure<IOptions<OidcOptions>>((options, all) => Configure(options, all.Value[id]));
        }
    }

    /// <summary>The handlers answer within authentication, before the limits of requests and of bodies: these are theirs.</summary>
    public static void UseOidcLimits(this WebApplication app)
    {
        var limiter = app.Services.GetRequiredService<SignInLimiter>();
        app.Use(async (context, next) =>
        {
            if (!IsCallback(context.Request.Path))
            {
                await next(context);
                return;
            }

            // The answer is asked for by a redirect, and the handler would read any form.
            if (!HttpMethods.IsGet(context.Request.Method))
            {
                await Problem.MethodNotAllowed.ExecuteAsync(context);
                return;
            }

            using var attempt = limiter.BeginWithSecret(ClientAddress.Of(context).ToString());
            if (attempt.Wait is { } wait)
            {
                await (Problem.RateLimited with { RetryAfter = wait }).ExecuteAsync(context);
                return;
            }

            context.Features.Set(attempt);
            await next(context);
        });
    }

    private static bool IsCallback(PathString path) =>
        path.StartsWithSegments($"{SessionCookie.Path}/oidc", StringComparison.OrdinalIgnoreCase, out var rest)
        && rest.Value!.EndsWith("/callback", StringComparison.OrdinalIgnoreCase);

    // Paths and cookies. The answer comes by a redirect, so that cookies of SameSite=Lax are sent with it, which plain http on localhost
    // has too; SameSite=None would need Secure.
    private static void Configure(OpenIdConnectOptions options, string id)
    {
        options.CallbackPath = $"{SessionCookie.Path}/oidc/{id}/callback";
        options.RemoteSignOutPath = default;
        options.SignedOutCallbackPath = default;
        options.ResponseType = OpenIdConnectResponseType.Code;
        options.ResponseMode = OpenIdConnectResponseMode.Query;
        options.UsePkce = true;
        foreach (var cookie in (CookieBuilder[])[options.CorrelationCookie, options.NonceCookie])
        {
            cookie.SameSite = SameSiteMode.Lax;
            cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
            cookie.HttpOnly = true;
        }

        options.MapInboundClaims = false;
        options.SaveTokens = false;

        // Some authorities tell the address only there.
        options.GetClaimsFromUserInfoEndpoint = true;
        foreach (var claim in (string[])["email", "email_verified", "name"])
        {
            options.ClaimActions.MapUniqueJsonKey(claim, claim);
        }

        options.BackchannelTimeout = _authorityTimeout;
        options.EventsType = typeof(OidcEvents);
    }

    private static void Configure(OpenIdConnectOptions options, OidcProviderOptions provider)
    {
        options.Authority = provider.Authority;
        options.ClientId = provider.ClientId;
        options.ClientSecret = provider.ClientSecret;
        options.RequireHttpsMetadata = provider.Authority.StartsWith("https:", StringComparison.OrdinalIgnoreCase);
        options.Scope.Clear();
        foreach (var scope in provider.Scopes.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            options.Scope.Add(scope);
        }
    }

    // The handler asks for one, which AddAuthentication would have added with what is not used here. Ours are configured below Oidc.
    private sealed class NoSchemesInConfiguration : IAuthenticationConfigurationProvider
    {
        public IConfiguration AuthenticationConfiguration { get; } = new ConfigurationBuilder().Build();
    }
}
