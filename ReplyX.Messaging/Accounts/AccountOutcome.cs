namespace ReplyX.Messaging.Accounts;

/// <summary>What became of a change in an account.</summary>
public enum AccountOutcome
{
    /// <summary>It is made.</summary>
    Done,

    /// <summary>The account has nothing of that id.</summary>
    NotFound,

    /// <summary>Who wanted it was removed meanwhile; nothing was changed.</summary>
    ActorGone,

    /// <summary>Who wanted it is no owner, or none any more; nothing was changed.</summary>
    ActorNotOwner,

    /// <summary>It would leave the account without an owner.</summary>
    LastOwner,

    /// <summary>A bot stays a bot, and nobody becomes one.</summary>
    BotRole,

    /// <summary>Somebody has the login.</summary>
    LoginTaken,

    /// <summary>The account has as many as it may have.</summary>
    LimitReached,
}
