using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Hosting;
using ReplyX.LocalHosting.Model;

namespace ReplyX.LocalHosting.Parameters;

/// <summary>Reads a parameter from configuration, else from its default. In development a generated default is saved, so that a restart does not sign everybody out.</summary>
internal sealed class ParameterSource(IDistributedApplicationBuilder builder, string name, bool persist)
{
    public string Read(ParameterDefault? fallback)
    {
        var key = $"Parameters:{name}";

        // Shells cannot export names with dashes, so Parameters__token_signing_key is accepted as well.
        if ((builder.Configuration[key] ?? builder.Configuration[key.Replace('-', '_')]) is { Length: > 0 } given)
        {
            return given;
        }

        var value = fallback?.GetDefaultValue()
            ?? throw new DistributedApplicationException($"Parameter '{name}' has no value: set {key} in configuration.");
        builder.Configuration[key] = value;
        if (persist && builder.Environment.IsDevelopment() && builder is LocalApplicationBuilder local)
        {
            UserSecrets.TrySet(local.Assembly, key, value);
        }

        return value;
    }
}
