namespace ReplyX.LocalHosting.Model;

/// <summary>Why the local engine was chosen when the AppHost was restored.</summary>
internal sealed record EngineReason(string? Text)
{
    public override string ToString() => Text ?? "UseAspire is false";
}
