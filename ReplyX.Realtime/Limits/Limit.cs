namespace ReplyX.Realtime.Limits;

/// <summary>Which limit a connect ran into; in the order in which they are looked at.</summary>
internal enum Limit
{
    None,
    ConnectRate,
    Principal,
    Dialog,
    Address,
    Pool,
    Node,
}
