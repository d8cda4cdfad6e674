using Microsoft.Extensions.Options;
using ReplyX.Messaging.Dialogs;

namespace ReplyX.Api.Limits;

/// <summary>Checks that the limit of bodies is large enough for the longest text that is allowed.</summary>
internal sealed class BodyLimitValidator(IOptions<MessagingOptions> messaging) : IValidateOptions<RequestLimitOptions>
{
    // The rest of a body: names of members, and a client_id of 64 characters.
    private const int AroundText = 1_024;

    public ValidateOptionsResult Validate(string? name, RequestLimitOptions options)
    {
        var least = messaging.Value.MaxTextBytes + AroundText;
        return options.MaxBodyBytes >= least
            ? ValidateOptionsResult.Success
            : ValidateOptionsResult.Fail(
                $"Limits:MaxBodyBytes ({options.MaxBodyBytes}) must be at least {least}, or a text as long as Messaging:MaxTextLength allows ({messaging.Value.MaxTextLength}) cannot be sent.");
    }
}
