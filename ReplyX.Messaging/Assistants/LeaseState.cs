namespace ReplyX.Messaging.Assistants;

/// <summary>What a worker is told of the dialog that it answers.</summary>
public enum LeaseState
{
    /// <summary>Another worker has it, or nobody: this one has nothing to say any more.</summary>
    Lost,

    /// <summary>It is this worker's.</summary>
    Held,

    /// <summary>It is this worker's, but an operator holds the dialog: nothing may be said in it.</summary>
    TakenOver,

    /// <summary>Nothing waits in it any more, and the lease has ended.</summary>
    Done,
}
