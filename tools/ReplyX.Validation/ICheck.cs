namespace ReplyX.Validation;

/// <summary>One thing that is proven.</summary>
internal interface ICheck
{
    /// <summary>What holds if it finds nothing.</summary>
    string Claim { get; }

    /// <summary>Whether it needs the services. One that does not still says something of sources whose services cannot be put together.</summary>
    bool AsksServices => true;

    /// <summary>Looks for faults.</summary>
    Verdict Judge(Subject subject);
}
