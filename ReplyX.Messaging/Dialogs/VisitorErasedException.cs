using System.Diagnostics.CodeAnalysis;

namespace ReplyX.Messaging.Dialogs;

/// <summary>
/// No dialog is started, since the visitor was erased and may only start anew, as somebody else; or since their whole account is. It is
/// seen by those alone whose token outlived them.
/// </summary>
[SuppressMessage("Design", "CA1032", Justification = "Only the directory throws it.")]
public sealed class VisitorErasedException : Exception
{
    internal VisitorErasedException(bool isAccount)
        : base("The visitor was erased.") => IsAccount = isAccount;

    /// <summary>Whether it is the account that is erased.</summary>
    public bool IsAccount { get; }
}
