using System.Text;
using Microsoft.Extensions.Options;

namespace ReplyX.Messaging.Tokens;

internal sealed class TokenOptionsValidator : IValidateOptions<TokenOptions>
{
    private const int MinKeyBytes = 32;

    public ValidateOptionsResult Validate(string? name, TokenOptions options)
    {
        if (Encoding.UTF8.GetByteCount(options.SigningKey) < MinKeyBytes)
        {
            return ValidateOptionsResult.Fail($"Tokens:SigningKey must have at least {MinKeyBytes} bytes.");
        }

        return options.PreviousSigningKey.Length > 0 && Encoding.UTF8.GetByteCount(options.PreviousSigningKey) < MinKeyBytes
            ? ValidateOptionsResult.Fail($"Tokens:PreviousSigningKey must be empty or have at least {MinKeyBytes} bytes.")
            : ValidateOptionsResult.Success;
    }
}
