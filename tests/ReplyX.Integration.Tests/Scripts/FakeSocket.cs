namespace ReplyX.Integration.Tests.Scripts;

/// <summary>How a <see cref="FakeDeployment"/> serves sockets.</summary>
public enum FakeSocket
{
    Refused,
    WrongAccept,
    Deaf,
    BadToken,
    OtherCode,
    Echo,
    Fragments,
    OtherText,
    OtherNumber,
    Error,
    Silent,
    AckOnly,
}
