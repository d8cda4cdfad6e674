namespace Aspire.StackExchange.Redis;

/// <summary>Settings of <c>AddRedisClient</c>, in the shape that the package of the same name gives them.</summary>
public sealed class StackExchangeRedisSettings
{
    /// <summary>The connection string in StackExchange.Redis' format; <c>ConnectionStrings:{name}</c> overrides it.</summary>
    public string? ConnectionString { get; set; }

    /// <summary>Leaves the health check out. False by default.</summary>
    public bool DisableHealthChecks { get; set; }

    /// <summary>Leaves tracing out. False by default; the stand-in has none to leave out.</summary>
    public bool DisableTracing { get; set; }

    /// <summary>Connects at the first use instead of at start. False by default.</summary>
    public bool DisableAutoActivation { get; set; }
}
