using Microsoft.Extensions.Options;

namespace ReplyX.Realtime.Limits;

/// <summary>Finds limits that are each in their range and leave visitors no place together.</summary>
internal sealed class LimitOptionsValidator : IValidateOptions<LimitOptions>
{
    public ValidateOptionsResult Validate(string? name, LimitOptions options)
    {
        var least = Math.Min(options.SocketsPerPool, options.SocketsPerNode);
        return (int)(least * (1 - options.OperatorReserve)) >= 1
            ? ValidateOptionsResult.Success
            : ValidateOptionsResult.Fail(
                $"Limits:OperatorReserve ({options.OperatorReserve}) of Limits:SocketsPerPool ({options.SocketsPerPool}) and Limits:SocketsPerNode ({options.SocketsPerNode}) leaves visitors no place.");
    }
}
