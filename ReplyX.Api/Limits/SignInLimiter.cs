using Microsoft.Extensions.Options;
using ReplyX.Messaging.Tokens;

namespace ReplyX.Api.Limits;

/// <summary>
/// Limits wrong passwords: strictly for one login from one address, less strictly for one address and for one login alone. An operator
/// on a device that they have signed in from before is counted by that device only, so that guesses of others do not lock them out.
/// </summary>
internal sealed class SignInLimiter(IOptions<RequestLimitOptions> options, TimeProvider time)
{
    private readonly RefundableBuckets _addresses = new(options.Value.SignInAddress, time);
    private readonly RefundableBuckets _loginsByAddress = new(options.Value.SignIn, time);
    private readonly RefundableBuckets _logins = new(options.Value.SignInLogin, time);
    private readonly RefundableBuckets _devices = new(options.Value.SignIn, time);

    /// <param name="address">The address that the attempt comes from.</param>
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

    /// <summary>An attempt with a secret that nobody guesses, an invitation's or a bot's: it is counted for the load alone.</summary>
    /// <param name="address">The address that the attempt comes from.</param>
    public SignInAttempt BeginWithSecret(string address) => new((_addresses, address));
}
