using Microsoft.Extensions.Options;
using ReplyX.Messaging.Archive.Files;
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

        if (options.IdleAfter < messaging.Value.KeyLifetime)
        {
            return ValidateOptionsResult.Fail(
                "Archive:IdleAfter must be at least Messaging:KeyLifetime, or retries would be stored twice; leave it empty for never.");
        }

        if (options.Store == ArchiveStore.Files && string.IsNullOrEmpty(options.Directory))
        {
            return ValidateOptionsResult.Fail("Archive:Directory is missing, and Archive:Store Files needs it.");
        }

        if (!string.IsNullOrEmpty(options.Directory))
        {
            if (!Path.IsPathFullyQualified(options.Directory))
            {
                return ValidateOptionsResult.Fail($"Archive:Directory '{options.Directory}' is not an absolute path.");
            }

            // Whoever mounted the wrong folder, or forgot its owner, is to see it in the deploy and not in the first visitor's old messages.
            if (ArchiveVolume.Check(options.Directory) is { } fault)
            {
                return ValidateOptionsResult.Fail($"Archive:Directory '{options.Directory}' cannot be used: {fault}");
            }
        }

        return options.Retention <= TimeSpan.Zero
            ? ValidateOptionsResult.Fail("Archive:Retention must be longer than nothing; leave it empty for ever.")
            : ValidateOptionsResult.Success;
    }
}
