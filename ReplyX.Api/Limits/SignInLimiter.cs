using Microsoft.Extensions.Options;
using ReplyX.Messaging.Tokens;

namespace ReplyX.Api.Limits;

/// <summary>
/// Counts wrong passwords: strictly from one address at one login, loosely from one address at all and at one login from
/// anywhere. Who has signed in from a device before is counted by that device alone, so that nobody's guesses lock them out.
/// </summary>
internal sealed class SignInLimiter(IOptions<RequestLimitOptions> options, TimeProvider time)
{
    private readonly RefundableBuckets _addresses = new(options.Value.SignInAddress, time);
    private readonly RefundableBuckets _loginsByAddress = new(options.Value.SignIn, time);
    private readonly RefundableBuckets _logins = new(options.Value.SignInLogin, time);
    private readonly RefundableBuckets _devices = new(options.Value.SignIn, time);

    /// <param name="address">Where the try comes from.</param>
    /// <param name="login">The login, which need not exist.</param>
    /// <param name="device">The device, if the login's operator signed in from it before.</param>
    public SignInAttempt Begin(string address, string login, DeviceClaims? device)
    {
        if (device is not null)
        {
            return new SignInAttempt((_devices, $"{device.Account}/{device.OperatorId}/{device.DeviceId}"));
        }

        login = login.ToLowerInvariant();
        return new SignInAttempt((_addresses, address), (_loginsByAddress, $"{address} {login}"), (_logins, login));
    }
}
