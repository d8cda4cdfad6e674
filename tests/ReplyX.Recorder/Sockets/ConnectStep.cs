namespace ReplyX.Recorder.Sockets;

/// <summary>How far a client comes that gives up.</summary>
internal enum ConnectStep
{
    /// <summary>TCP is connected.</summary>
    Connected,

    /// <summary>A part of the request's head is sent.</summary>
    PartOfHead,

    /// <summary>The whole head is sent.</summary>
    WholeHead,

    /// <summary>The answer 101 is here.</summary>
    Upgraded,

    /// <summary>The greeting is here.</summary>
    Greeted,
}
