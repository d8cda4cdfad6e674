using System.Security.Cryptography;

namespace ReplyX.LocalHosting.Parameters;

internal static class RandomText
{
    // Without letters and digits that look alike.
    private const string Letters = "abcdefghjkmnpqrstuvwxyzABCDEFGHJKMNPQRSTUVWXYZ123456789";
    private const string Punctuation = "-_.{}~()*+!";

    public static string Create(int length, bool punctuation) =>
        RandomNumberGenerator.GetString(punctuation ? Letters + Punctuation : Letters, length);
}
