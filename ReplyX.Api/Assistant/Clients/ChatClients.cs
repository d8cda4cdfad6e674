using System.ClientModel;
using System.ClientModel.Primitives;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Options;
using OpenAI;
using ReplyX.Api.Secrets;
using ReplyX.Messaging.Assistants;

namespace ReplyX.Api.Assistant.Clients;

/// <summary>Makes the client of a site's assistant.</summary>
internal sealed class ChatClients(EndpointHttp http, SecretBox secrets, IOptions<AssistantOptions> options, TimeProvider time)
{
    // Endpoints without keys ignore it; the library wants one.
    private const string NoKey = "none";

    /// <exception cref="SecretUnreadableException">The key was encrypted with a secret that this service does not have.</exception>
    public IChatClient Create(AssistantSite site, AssistantSettings settings)
    {
        if (settings.Kind == AssistantKind.Scripted)
        {
            return new ScriptedChatClient(settings, options.Value.ScriptedPace, time);
        }

        var key = settings.EncryptedKey is { } encrypted ? secrets.Decrypt(encrypted, KeyPurpose(site)) : NoKey;
        var client = new OpenAIClient(new ApiKeyCredential(key), new OpenAIClientOptions
        {
            Endpoint = new Uri(settings.Endpoint),
            Transport = new HttpClientPipelineTransport(http.Client),

            // Once more for what passes by itself. Longer the visitor should not wait for a human.
            RetryPolicy = new SoonRetryPolicy(),
            NetworkTimeout = TimeSpan.FromSeconds(settings.TimeoutSeconds + 5),
        });
        return client.GetChatClient(settings.Model).AsIChatClient();
    }

    /// <summary>What a key is encrypted for: of another site it is none.</summary>
    public static string KeyPurpose(AssistantSite site) => $"assistant key of {site}";
}
