using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace ReplyX.Api.OpenApi;

/// <summary>Describes the API and its credentials.</summary>
internal sealed class SecurityTransformer : IOpenApiDocumentTransformer
{
    public Task TransformAsync(OpenApiDocument document, OpenApiDocumentTransformerContext context, CancellationToken cancellationToken)
    {
        document.Info = new OpenApiInfo
        {
            Title = "ReplyX API",
            Version = "v1",
            Description = "Dialogs over HTTP; live events come over the realtime service's sockets. "
                + "Every error is `application/problem+json` with a `code`.",
        };

        Add("guest", "A visitor's guest token, as starting a dialog returns it.");
        Add("dialog", "A dialog's token, as starting a dialog returns it.");
        Add("operator", "An operator's token, as signing in returns it.");
        Add("metrics", "The configured metrics token.");
        return Task.CompletedTask;

        void Add(string name, string description) => document.AddComponent<IOpenApiSecurityScheme>(name, new OpenApiSecurityScheme
        {
            Type = SecuritySchemeType.Http,
            Scheme = "bearer",
            BearerFormat = "JWT",
            Description = description,
        });
    }
}
