namespace ReplyX.Realtime.WebSockets;

internal enum FrameHeaderStatus
{
    Complete,
    Incomplete,
    Invalid,
}
