using Microsoft.Extensions.Options;
using ReplyX.ServiceDefaults.Edge;

namespace ReplyX.Realtime.Admission;

internal sealed class OriginOptionsValidator(IHostEnvironment environment) : IValidateOptions<OriginOptions>
{
    public ValidateOptionsResult Validate(string? name, OriginOptions options)
    {
        if (options.ChatHosts.Count == 0 && !environment.IsDevelopment())
        {
            return ValidateOptionsResult.Fail(
                "Origins:ChatHosts is empty, so that no browser could open a socket; it lists the origins of the chat page and the console, such as https://chat.example.com.");
        }

        var wrong = options.ChatHosts.Where(host => !OriginPattern.TryParse(host, out _)).ToList();
        return wrong.Count == 0
            ? ValidateOptionsResult.Success
            : ValidateOptionsResult.Fail(wrong.Select(host => $"Origins:ChatHosts holds '{host}', which is no origin such as https://chat.example.com."));
    }
}
