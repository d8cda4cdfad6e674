namespace ReplyX.Api.Problems;

internal static class ProblemsExtensions
{
    public static void AddProblems(this IServiceCollection services) => services.AddExceptionHandler<FailureHandler>();

    /// <summary>Makes a problem of everything that fails behind this point, and of every bare status.</summary>
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

/// <summary>Marks endpoints that append to a dialog: when Redis is away there, the outcome is unknown.</summary>
internal sealed class AppendsMetadata;
