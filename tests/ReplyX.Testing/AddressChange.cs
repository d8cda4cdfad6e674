using System.Text;

namespace ReplyX.Testing;

/// <summary>
/// Puts other addresses in place of a server's in what it answers on one connection. A cluster tells its clients where its members are;
/// behind a proxy they are elsewhere. Both are of the same length, so that no answer's length changes.
/// </summary>
public sealed class AddressChange
{
    private readonly (byte[] From, byte[] To)[] _addresses;
    private readonly int _length;
    private byte[] _held = [];

    /// <summary>Makes one for a connection.</summary>
    /// <param name="addresses">The addresses, each with the one that takes its place.</param>
    public AddressChange(IEnumerable<(string From, string To)> addresses)
    {
        _addresses = [.. addresses.Select(address => (Encoding.ASCII.GetBytes(address.From), Encoding.ASCII.GetBytes(address.To)))];
        _length = _addresses[0].From.Length;
        if (_addresses.Any(address => address.From.Length != _length || address.To.Length != _length))
        {
            throw new ArgumentException("The addresses are not of one length.", nameof(addresses));
        }
    }

    /// <summary>Takes what comes next, and returns what may go on.</summary>
    /// <param name="bytes">What came. Its end is kept back while it may be the begin of an address; no answer ends so.</param>
    public Memory<byte> Apply(ReadOnlySpan<byte> bytes)
    {
        var all = new byte[_held.Length + bytes.Length];
        _held.CopyTo(all, 0);
        bytes.CopyTo(all.AsSpan(_held.Length));
        foreach (var (from, to) in _addresses)
        {
            for (var at = 0; all.AsSpan(at).IndexOf(from) is >= 0 and var next;)
            {
                at += next;
                to.CopyTo(all, at);
                at += _length;
            }
        }

        var kept = Math.Min(_length - 1, all.Length);
        while (kept > 0 && !Array.Exists(_addresses, address => all.AsSpan(all.Length - kept).SequenceEqual(address.From.AsSpan(0, kept))))
        {
            kept--;
        }

        _held = all[(all.Length - kept)..];
        return all.AsMemory(0, all.Length - kept);
    }
}
