namespace ReplyX.Messaging.Dialogs;

/// <summary>What a list shows of an account's dialogs, by who is to act in them.</summary>
public enum DialogState
{
    /// <summary>Every dialog.</summary>
    All,

    /// <summary>The visitor waits for a person: asked for one and nobody came, or an operator holds it and has not answered.</summary>
    Waiting,

    /// <summary>The operator who looks holds it.</summary>
    Mine,

    /// <summary>The assistant answers, and nobody is asked for.</summary>
    Assistant,

    /// <summary>A person was asked for, and that is over.</summary>
    Closed,
}
