using ReplyX.Client;

namespace ReplyX.Samples.Replay.Playing;

/// <summary>What all dialogs of a replay share.</summary>
/// <param name="Options">What is asked for.</param>
/// <param name="Api">The Api.</param>
/// <param name="Operators">The signed-in operators.</param>
/// <param name="SiteToken">What the chat page is embedded with.</param>
/// <param name="Run">A name that no other replay has, for the keys of the messages.</param>
/// <param name="LineDone">Called after each line.</param>
internal sealed record Stage(
    ReplayOptions Options, ReplyXApiClient Api, IReadOnlyList<OperatorSession> Operators, string SiteToken, string Run, Action LineDone);
