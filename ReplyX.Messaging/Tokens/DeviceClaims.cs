namespace ReplyX.Messaging.Tokens;

/// <summary>
/// What a device token says: an operator has signed in from there. It opens nothing; it keeps others' wrong passwords from
/// counting against this device.
/// </summary>
/// <param name="Account">The account.</param>
/// <param name="OperatorId">The operator.</param>
/// <param name="DeviceId">The device, as the first sign-in from it was counted.</param>
public sealed record DeviceClaims(string Account, string OperatorId, string DeviceId);
