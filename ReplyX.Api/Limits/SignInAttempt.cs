namespace ReplyX.Api.Limits;

/// <summary>One try to sign in, which has taken its tokens. They are put back at the end, unless the password was wrong.</summary>
internal sealed class SignInAttempt : IDisposable
{
    private readonly List<(RefundableBuckets Buckets, string Key)> _taken = [];

    /// <param name="buckets">Where a wrong password counts. A try that one of them refuses takes from none.</param>
    public SignInAttempt(params ReadOnlySpan<(RefundableBuckets Buckets, string Key)> buckets)
    {
        foreach (var (bucket, key) in buckets)
        {
            if (bucket.Take(key) is { } wait)
            {
                Wait = wait;
                Dispose();
                return;
            }

            _taken.Add((bucket, key));
        }
    }

    /// <summary>How long to wait; null if the try may be made.</summary>
    public TimeSpan? Wait { get; }

    /// <summary>Says that the password was wrong. A try that was not judged, since Redis is away say, told nobody anything.</summary>
    public void Failed() => _taken.Clear();

    public void Dispose()
    {
        foreach (var (bucket, key) in _taken)
        {
            bucket.Refund(key);
        }

        _taken.Clear();
    }
}
