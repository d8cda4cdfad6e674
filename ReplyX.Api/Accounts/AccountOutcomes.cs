using ReplyX.Messaging.Accounts;

namespace ReplyX.Api.Accounts;

internal static class AccountOutcomes
{
    /// <summary>The problem to answer with where a change was not made.</summary>
    /// <param name="outcome">What became of it.</param>
    /// <param name="notFound">What was not found.</param>
    public static Problem ToProblem(this AccountOutcome outcome, Problem notFound) => outcome switch
    {
        AccountOutcome.NotFound => notFound,
        AccountOutcome.ActorGone => Problem.TokenRevoked,
        AccountOutcome.ActorNotOwner => Problem.OwnersOnly,
        AccountOutcome.LastOwner => Problem.LastOwner,
        AccountOutcome.BotRole => Problem.Member("role", "It is owner or operator; a bot stays a bot."),
        AccountOutcome.LoginTaken => Problem.LoginTaken,
        AccountOutcome.LimitReached => Problem.LimitReached,
        _ => throw new ArgumentOutOfRangeException(nameof(outcome)),
    };
}
