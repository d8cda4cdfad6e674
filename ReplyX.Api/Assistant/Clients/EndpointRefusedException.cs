namespace ReplyX.Api.Assistant.Clients;

/// <summary>An endpoint is at an address that assistants may not reach, or says more than it may.</summary>
internal sealed class EndpointRefusedException : IOException
{
    public EndpointRefusedException(string message)
        : base(message)
    {
    }
}
