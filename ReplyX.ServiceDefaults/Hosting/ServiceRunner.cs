using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using ReplyX.ServiceDefaults.Health;
using StackExchange.Redis;

namespace Microsoft.Extensions.Hosting;

/// <summary>Builds and runs a service, and returns its exit code.</summary>
public static class ServiceRunner
{
    /// <summary>The exit code of a service whose options cannot work: EX_CONFIG of sysexits.h. Starting it again does not help.</summary>
    public const int BadConfiguration = 78;

    /// <summary>
    /// The exit code of a service that cannot know where its Redis is, since no Sentinel says so: EX_UNAVAILABLE. Starting it again does help.
    /// </summary>
    public const int Unavailable = 69;

    /// <summary>
    /// Runs a service until it is stopped. Invalid options end it at once, with one line on standard error that names them instead of an
    /// exception's stack trace. With <c>--health</c> it is not run: the one that runs is asked whether it is well.
    /// </summary>
    /// <param name="args">The command line.</param>
    /// <param name="add">Adds all that the service consists of.</param>
    /// <param name="map">Adds what it answers.</param>
    /// <returns>The exit code.</returns>
    public static async Task<int> RunAsync(string[] args, Action<WebApplicationBuilder> add, Action<WebApplication> map)
    {
        ArgumentNullException.ThrowIfNull(args);
        ArgumentNullException.ThrowIfNull(add);
        ArgumentNullException.ThrowIfNull(map);
        if (HealthProbe.IsAskedFor(args))
        {
            return await HealthProbe.RunAsync(args);
        }

        try
        {
            var builder = WebApplication.CreateBuilder(args);
            add(builder);
            await using var app = builder.Build();

            // The host validates too, but only after it has tried Redis, and it logs stack traces.
            app.Services.GetService<IStartupValidator>()?.Validate();
            foreach (var url in app.Configuration[WebHostDefaults.ServerUrlsKey]?.Split(';', StringSplitOptions.RemoveEmptyEntries) ?? [])
            {
                _ = BindingAddress.Parse(url);
            }

            map(app);
            await app.RunAsync();
            return 0;
        }
        catch (OptionsValidationException exception)
        {
            return ReportBadConfiguration(exception.Failures);
        }
        catch (AggregateException exception) when (exception.InnerExceptions.All(inner => inner is OptionsValidationException))
        {
            return ReportBadConfiguration(exception.InnerExceptions.Cast<OptionsValidationException>().SelectMany(inner => inner.Failures));
        }
        catch (Exception exception) when (IsBadConfiguration(exception))
        {
            return ReportBadConfiguration([exception.Message]);
        }
        catch (RedisConnectionException exception)
        {
            // A Redis that is named itself may come later; this one is not known before a Sentinel has answered.
            await Console.Error.WriteLineAsync($"Not started: {exception.Message}");
            return Unavailable;
        }
    }

    // The configuration binder throws this for a value of the wrong type, and the server for an invalid URL.
    private static bool IsBadConfiguration(Exception exception) =>
        (exception is InvalidOperationException && exception.Message.StartsWith("Failed to convert configuration value", StringComparison.Ordinal))
        || (exception is FormatException && exception.Message.StartsWith("Invalid url", StringComparison.Ordinal));

    private static int ReportBadConfiguration(IEnumerable<string> failures)
    {
        Console.Error.WriteLine("Not started: " + string.Join(' ', failures.Distinct()));
        return BadConfiguration;
    }
}
