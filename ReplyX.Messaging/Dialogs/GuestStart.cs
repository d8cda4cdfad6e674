using System.Security.Cryptography;
using System.Text;
using ReplyX.Messaging.Accounts;

namespace ReplyX.Messaging.Dialogs;

/// <summary>What tells one start of a new guest from another, so that a start whose answer was lost can be repeated.</summary>
public sealed class GuestStart
{
    /// <summary>For how long a start is known: a page that got no answer repeats it within seconds, and one that is reloaded within minutes.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(10);

    /// <summary>Names a start.</summary>
    /// <param name="site">The site.</param>
    /// <param name="address">Where the visitor comes from. Who comes from elsewhere with the same key is somebody else.</param>
    /// <param name="clientId">The visitor's key.</param>
    public GuestStart(Site site, string address, string clientId)
    {
        ArgumentNullException.ThrowIfNull(site);
        Account = site.Account;

        // Hashed, since an address is personal and Redis need not keep it.
        Hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{site.Id}\n{address}\n{clientId}")));
    }

    internal string Account { get; }

    internal string Hash { get; }
}
