using Microsoft.Extensions.Options;

namespace ReplyX.Messaging.Archive;

internal sealed class ArchiveOptionsValidator : IValidateOptions<ArchiveOptions>
{
    public ValidateOptionsResult Validate(string? name, ArchiveOptions options)
    {
        if (options.MaxLogEvents < options.WindowEvents + options.SegmentEvents)
        {
            return ValidateOptionsResult.Fail("Archive:MaxLogEvents must be at least WindowEvents and SegmentEvents together.");
        }

        return options.Retention <= TimeSpan.Zero
            ? ValidateOptionsResult.Fail("Archive:Retention must be longer than nothing; leave it empty for ever.")
            : ValidateOptionsResult.Success;
    }
}
