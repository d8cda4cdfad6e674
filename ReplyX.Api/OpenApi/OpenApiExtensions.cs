using Microsoft.AspNetCore.OpenApi;
using Scalar.AspNetCore;

namespace ReplyX.Api.OpenApi;

internal static class OpenApiExtensions
{
    private const string Ui = "/docs";

    public static void AddApiDocument(this WebApplicationBuilder builder) => builder.Services.AddOpenApi(document =>
    {
        document.CreateSchemaReferenceId = type =>
            type.Type == typeof(ProblemBody) ? nameof(Problem) : OpenApiOptions.CreateDefaultSchemaReferenceId(type);
        document.AddDocumentTransformer<SecurityTransformer>();
        document.AddOperationTransformer<OperationTransformer>();
    });

    /// <summary>The document and a page to browse it, in development only.</summary>
    public static void MapApiDocument(this WebApplication app)
    {
        if (!app.Environment.IsDevelopment())
        {
            return;
        }

        app.MapOpenApi();
        app.MapScalarApiReference(Ui, scalar => scalar.WithTitle("ReplyX API").DisableDefaultFonts().DisableTelemetry().DisableAgent());
        app.MapGet("/", () => TypedResults.Redirect(Ui)).ExcludeFromDescription();
    }
}
