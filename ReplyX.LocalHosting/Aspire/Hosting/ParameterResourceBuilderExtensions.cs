using Aspire.Hosting.ApplicationModel;
using ReplyX.LocalHosting.Model;
using ReplyX.LocalHosting.Parameters;

namespace Aspire.Hosting;

/// <summary>Adds parameters.</summary>
public static class ParameterResourceBuilderExtensions
{
    /// <summary>Adds a parameter that has no default: configuration's <c>Parameters:{name}</c>, or a deployment asks for it.</summary>
    /// <param name="builder">The application's builder.</param>
    /// <param name="name">The resource's name.</param>
    /// <param name="secret">Whether the value must not be shown.</param>
    /// <returns>A builder for the resource.</returns>
    public static IResourceBuilder<ParameterResource> AddParameter(
        this IDistributedApplicationBuilder builder, string name, bool secret = false)
    {
        var source = new ParameterSource(builder, name, persist: false);
        return builder.AddResource(new ParameterResource(name, source.Read, secret));
    }

    /// <summary>Adds a parameter: configuration's <c>Parameters:{name}</c>, else a default.</summary>
    /// <param name="builder">The application's builder.</param>
    /// <param name="name">The resource's name.</param>
    /// <param name="value">Makes the default.</param>
    /// <param name="secret">Whether the value must not be shown.</param>
    /// <param name="persist">Whether, in development, a made default is kept in the host's user secrets.</param>
    /// <returns>A builder for the resource.</returns>
    public static IResourceBuilder<ParameterResource> AddParameter(
        this IDistributedApplicationBuilder builder, string name, ParameterDefault value, bool secret = false, bool persist = false)
    {
        var source = new ParameterSource(builder, name, persist);
        return builder.AddResource(new ParameterResource(name, source.Read, secret) { Default = value });
    }

    /// <summary>Adds a parameter that the AppHost itself gives a value, whatever configuration says.</summary>
    /// <param name="builder">The application's builder.</param>
    /// <param name="name">The resource's name.</param>
    /// <param name="value">The value.</param>
    /// <param name="publishValueAsDefault">Whether the value is published, as the default of a question; else a deployment asks for one.</param>
    /// <param name="secret">Whether the value must not be shown.</param>
    /// <returns>A builder for the resource.</returns>
    /// <exception cref="ArgumentException">It is secret and was to be published.</exception>
    public static IResourceBuilder<ParameterResource> AddParameter(
        this IDistributedApplicationBuilder builder, string name, string value, bool publishValueAsDefault = false, bool secret = false)
    {
        if (publishValueAsDefault && secret)
        {
            throw new ArgumentException("A parameter cannot be both secret and published as a default value.", nameof(secret));
        }

        return builder.AddResource(new ParameterResource(name, _ => value, secret)
        {
            Default = publishValueAsDefault ? new ConstantParameterDefault(value) : null,
        });
    }
}
