namespace ReplyX.Messaging.Dialogs;

/// <summary>What a list shows of an account's dialogs, by who is to act in them.</summary>
public enum DialogState
{
    /// <summary>Every dialog.</summary>
    All,

    /// <summary>The visitor waits for a person: asked for one and nobody came, an operator holds it and has not answered, or nobody does and there is no assistant.</summary>
    Waiting,

    /// <summary>The operator who looks holds it.</summary>
    Mine,

    /// <summary>The site's assistant answers: nobody is asked for, and nothing is left that it does not answer.</summary>
    Assistant,

    /// <summary>A person was asked for, and that is over.</summary>
    Closed,
}
