using System.Runtime.CompilerServices;
using ReplyX.Realtime.Routes;

namespace ReplyX.Realtime.Delivery;

/// <summary>How many events a hand-out has written, by the kind of the sockets.</summary>
[InlineArray(Length)]
internal struct SentEvents
{
    public const int Length = (int)SocketKind.List + 1;

    private int _first;

    public void Add(SocketKind kind, int events) => this[(int)kind] += events;
}
