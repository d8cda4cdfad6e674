namespace ReplyX.Api.Limits;

/// <summary>An attempt to sign in. It takes its tokens at the start and gives them back at the end, unless the password was wrong.</summary>
internal sealed class SignInAttempt : IDisposable
{
    private readonly List<(RefundableBuckets Buckets, string Key)> _taken = [];

    /// <param name="buckets">The buckets that a wrong password counts in. If one of them has no token, none is taken from the others.</param>
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

    /// <summary>How long to wait; null if the attempt may go on.</summary>
    public TimeSpan? Wait { get; }

    /// <summary>Records that the password was wrong. An attempt that could not be checked, for example without Redis, does not count.</summary>
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
