namespace ReplyX.Messaging.Dialogs;

/// <summary>The names under which senders are told apart: in idempotency keys, limits and logs.</summary>
public static class Principals
{
    /// <summary>A guest.</summary>
    /// <param name="guestId">The guest's id.</param>
    public static string Guest(string guestId) => "g." + guestId;

    /// <summary>The sites' assistants.</summary>
    public const string Assistant = "assistant";

    /// <summary>An operator.</summary>
    /// <param name="operatorId">The operator's id.</param>
    public static string Operator(string operatorId) => "o." + operatorId;
}
