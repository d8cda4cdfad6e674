namespace ReplyX.Api.Problems;

internal static class ProblemsExtensions
{
    public static void AddProblems(this IServiceCollection services) => services.AddExceptionHandler<FailureHandler>();

    /// <summary>Turns exceptions and error statuses without a body into problems.</summary>
    public static void UseProblems(this WebApplication app)
    {
        app.UseExceptionHandler(new ExceptionHandlerOptions
        {
            ExceptionHandler = context => Problem.InternalError.ExecuteAsync(context),
        });
        app.UseStatusCodePages(context =>
            Problem.OfStatus(context.HttpContext.Response.StatusCode).ExecuteAsync(context.HttpContext));
    }

    public static TBuilder Appends<TBuilder>(this TBuilder endpoint)
        where TBuilder : IEndpointConventionBuilder =>
        endpoint.WithMetadata(new AppendsMetadata());
}

/// <summary>Marks endpoints that append to a dialog: if Redis fails there, the outcome is unknown.</summary>
internal sealed class AppendsMetadata;
