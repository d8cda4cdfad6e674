namespace ReplyX.Validation.Services;

/// <summary>Fails: the services cannot be put together, for a reason for which they would not start either.</summary>
/// <param name="reason">What they say.</param>
internal sealed class ServicesFit(string reason) : ICheck
{
    public string Claim => "the services can be put together";

    public bool AsksServices => false;

    public Verdict Judge(Subject subject) => new([new Fault(reason, new Place("ReplyX.Realtime"))], "realtime and api");
}
