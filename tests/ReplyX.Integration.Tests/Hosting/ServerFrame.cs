using System.Text;

namespace ReplyX.Integration.Tests.Hosting;

/// <summary>A frame that a node sent.</summary>
internal sealed record ServerFrame(int Opcode, byte[] Payload)
{
    public bool IsPong => Opcode == ClientFrame.PongOpcode;

    public bool IsClose => Opcode == ClientFrame.CloseOpcode;

    public string Text => Encoding.UTF8.GetString(Payload);

    /// <summary>The code of a close; 0 if it has none.</summary>
    public int CloseCode => IsClose && Payload.Length >= 2 ? (Payload[0] << 8) | Payload[1] : 0;

    public override string ToString() => IsClose ? $"close {CloseCode}" : IsPong ? "pong" : $"frame {Opcode:x} \"{Text}\"";
}
