using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.Hosting;

/// <summary>A service's life from its composition to its exit code.</summary>
public static class ServiceRunner
{
    /// <summary>The exit code of a service whose options cannot work: EX_CONFIG of sysexits.h. Starting it again does not help.</summary>
    public const int BadConfiguration = 78;

    /// <summary>
    /// Runs a service until it is stopped. Options that cannot work end it at once, with one line on the standard error that names
    /// them, where an exception's stack would bury what is to be mended.
    /// </summary>
    /// <param name="builder">The service, with all that it consists of.</param>
    /// <param name="map">Adds what it answers.</param>
    /// <returns>The exit code.</returns>
    public static async Task<int> RunAsync(WebApplicationBuilder builder, Action<WebApplication> map)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(map);
        try
        {
            await using var app = builder.Build();

            // The host validates too, but late, when Redis was tried already, and logs what it finds with its stack.
            app.Services.GetService<IStartupValidator>()?.Validate();
            map(app);
            await app.RunAsync();
            return 0;
        }
        catch (OptionsValidationException exception)
        {
            return Refuse([exception]);
        }
        catch (AggregateException exception) when (exception.InnerExceptions.All(inner => inner is OptionsValidationException))
        {
            return Refuse(exception.InnerExceptions.Cast<OptionsValidationException>());
        }
    }

    private static int Refuse(IEnumerable<OptionsValidationException> wrong)
    {
        Console.Error.WriteLine("Not started: " + string.Join(' ', wrong.SelectMany(exception => exception.Failures).Distinct()));
        return BadConfiguration;
    }
}
