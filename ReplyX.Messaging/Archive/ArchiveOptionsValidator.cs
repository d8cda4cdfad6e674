using Microsoft.Extensions.Options;
using ReplyX.Messaging.Dialogs;

namespace ReplyX.Messaging.Archive;

internal sealed class ArchiveOptionsValidator(IOptions<MessagingOptions> messaging) : IValidateOptions<ArchiveOptions>
{
    public ValidateOptionsResult Validate(string? name, ArchiveOptions options)
    {
        if (options.MaxLogEvents < options.WindowEvents + options.SegmentEvents)
        {
            return ValidateOptionsResult.Fail("Archive:MaxLogEvents must be at least WindowEvents and SegmentEvents together.");
        }

        if (options.MinAge > TimeSpan.Zero && options.MinAge < messaging.Value.KeyLifetime)
        {
            return ValidateOptionsResult.Fail(
                "Archive:MinAge must be at least Messaging:KeyLifetime, or retries would be stored twice; 0 says that they may be.");
        }

        return options.Retention <= TimeSpan.Zero
            ? ValidateOptionsResult.Fail("Archive:Retention must be longer than nothing; leave it empty for ever.")
            : ValidateOptionsResult.Success;
    }
}
