namespace ReplyX.Api.Secrets;

/// <summary>A secret was encrypted with a key that this service does not have, for something else, or changed since.</summary>
internal sealed class SecretUnreadableException : Exception
{
    public SecretUnreadableException()
        : base("The secret cannot be read with the keys of this service.")
    {
    }
}
