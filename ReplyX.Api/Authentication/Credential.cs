namespace ReplyX.Api.Authentication;

/// <summary>The bearer tokens that an endpoint may take.</summary>
[Flags]
internal enum Credential
{
    None = 0,
    Guest = 1,
    Dialog = 2,
    Operator = 4,
}
