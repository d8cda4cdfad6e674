namespace ReplyX.Messaging.Accounts;

/// <summary>What became of the removal of an operator.</summary>
public enum OperatorRemoval
{
    /// <summary>They are removed.</summary>
    Removed,

    /// <summary>The account has no such operator.</summary>
    NoSuchOperator,

    /// <summary>Who wanted to remove them was removed meanwhile; nobody else was.</summary>
    RemoverGone,
}
