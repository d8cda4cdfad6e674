namespace ReplyX.Realtime.Routes;

/// <summary>Who sits at the other end of a socket.</summary>
internal enum SocketKind
{
    Widget,
    Site,
    Operator,
    List,
}
