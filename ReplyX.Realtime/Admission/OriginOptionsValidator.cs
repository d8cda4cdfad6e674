using Microsoft.Extensions.Options;

namespace ReplyX.Realtime.Admission;

internal sealed class OriginOptionsValidator : IValidateOptions<OriginOptions>
{
    public ValidateOptionsResult Validate(string? name, OriginOptions options)
    {
        var wrong = options.ChatHosts.Where(host => !OriginPattern.TryParse(host, out _)).ToList();
        return wrong.Count == 0
            ? ValidateOptionsResult.Success
            : ValidateOptionsResult.Fail(wrong.Select(host => $"Origins:ChatHosts holds '{host}', which is no origin such as https://chat.example.com."));
    }
}
