using System.Net.Http.Headers;

namespace ReplyX.Client;

/// <summary>Reads <c>Retry-After</c>, which is seconds or a date.</summary>
internal static class RetryAfterHeader
{
    internal static TimeSpan? Read(string? value, TimeProvider time)
        => RetryConditionHeaderValue.TryParse(value, out var parsed) ? Read(parsed, time) : null;

    internal static TimeSpan? Read(RetryConditionHeaderValue? value, TimeProvider time)
    {
        var wait = value?.Delta ?? (value?.Date - time.GetUtcNow());
        return wait < TimeSpan.Zero ? TimeSpan.Zero : wait;
    }
}
