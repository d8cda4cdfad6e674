using Microsoft.Extensions.Options;

namespace ReplyX.Messaging.Dialogs;

internal sealed class MessagingOptionsValidator : IValidateOptions<MessagingOptions>
{
    public ValidateOptionsResult Validate(string? name, MessagingOptions options) => options is { ReplicasOnDisk: true, Replicas: 0 }
        ? ValidateOptionsResult.Fail("Messaging:ReplicasOnDisk says nothing without Messaging:Replicas, how many there are to be.")
        : ValidateOptionsResult.Success;
}
