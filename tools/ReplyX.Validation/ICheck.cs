namespace ReplyX.Validation;

/// <summary>One thing that is proven.</summary>
internal interface ICheck
{
    /// <summary>What holds if it finds nothing.</summary>
    string Claim { get; }

    /// <summary>Looks for faults.</summary>
    Verdict Judge(Subject subject);
}
