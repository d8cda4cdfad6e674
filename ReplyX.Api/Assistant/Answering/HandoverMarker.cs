using System.Text;

namespace ReplyX.Api.Assistant.Answering;

/// <summary>
/// Finds the mark by which a model says that a human is to answer, in a text that comes in pieces. A mark and not a tool: many endpoints
/// that speak the protocol refuse requests with tools.
/// </summary>
internal sealed class HandoverMarker
{
    public const string Text = "[[handover]]";

    private readonly StringBuilder _held = new();

    /// <summary>Whether the mark was there. Nothing that follows it comes out.</summary>
    public bool IsFound { get; private set; }

    /// <summary>Takes the next piece.</summary>
    /// <returns>What may be shown: all but what may be the beginning of a mark.</returns>
    public string Add(string piece)
    {
        if (IsFound)
        {
            return "";
        }

        _held.Append(piece);
        var text = _held.ToString();
        _held.Clear();
        var at = text.IndexOf(Text, StringComparison.OrdinalIgnoreCase);
        if (at >= 0)
        {
            IsFound = true;
            return text[..at];
        }

        var begun = Math.Min(text.Length, Text.Length - 1);
        while (begun > 0 && !Text.StartsWith(text[^begun..], StringComparison.OrdinalIgnoreCase))
        {
            begun--;
        }

        _held.Append(text.AsSpan(text.Length - begun));
        return text[..^begun];
    }

    /// <summary>What was held back and turned out to be no mark, at the end.</summary>
    public string End()
    {
        var rest = IsFound ? "" : _held.ToString();
        _held.Clear();
        return rest;
    }
}
