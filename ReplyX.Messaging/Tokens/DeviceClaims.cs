namespace ReplyX.Messaging.Tokens;

/// <summary>
/// What a device token says: an operator has signed in from there. It opens nothing; it keeps others' wrong passwords from
/// counting against this device.
/// </summary>
/// <param name="Account">The account.</param>
/// <param name="OperatorId">The operator.</param>
/// <param name="DeviceId">The device, as the first sign-in from it was counted.</param>
/// <param name="Generation">Which of the operator's device tokens are known still: signing out everywhere counts it up.</param>
public sealed record DeviceClaims(string Account, string OperatorId, string DeviceId, int Generation = 0);
