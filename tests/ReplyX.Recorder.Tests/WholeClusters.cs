namespace ReplyX.Recorder.Tests;

/// <summary>Tests that start a cluster each, and load it: one after the other, or each would judge the others' load.</summary>
internal static class WholeClusters
{
    public const string Name = "whole clusters";
}
