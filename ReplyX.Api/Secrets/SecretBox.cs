using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;

namespace ReplyX.Api.Secrets;

/// <summary>
/// Encrypts what accounts entrust to this service, with AES-256-GCM under a key that HKDF (RFC 5869) derives from
/// <see cref="SecretOptions.Key"/>. The purpose is authenticated with it, so that who can write to the store cannot make one account's
/// secret another's.
/// <code>
/// "v1." base64(nonce, 12 bytes; tag, 16; ciphertext)
/// </code>
/// </summary>
internal sealed class SecretBox
{
    private const string Version = "v1.";
    private const int KeyBytes = 32;
    private const int NonceBytes = 12;
    private const int TagBytes = 16;

    // The first one encrypts.
    private readonly byte[][] _keys;

    public SecretBox(IOptions<SecretOptions> options) =>
        _keys = [.. new[] { options.Value.Key, options.Value.PreviousKey }.Where(key => !string.IsNullOrEmpty(key)).Select(Derive!)];

    /// <summary>Whether secrets can be encrypted.</summary>
    public bool HasKey => _keys.Length > 0;

    /// <param name="secret">The secret.</param>
    /// <param name="purpose">What it is and whose; asked for again when it is decrypted.</param>
    public string Encrypt(string secret, string purpose)
    {
        var plain = Encoding.UTF8.GetBytes(secret);
        var box = new byte[NonceBytes + TagBytes + plain.Length];
        RandomNumberGenerator.Fill(box.AsSpan(0, NonceBytes));
        using var aes = new AesGcm(_keys[0], TagBytes);
        aes.Encrypt(
            box.AsSpan(0, NonceBytes),
            plain,
            box.AsSpan(NonceBytes + TagBytes),
            box.AsSpan(NonceBytes, TagBytes),
            Encoding.UTF8.GetBytes(purpose));
        CryptographicOperations.ZeroMemory(plain);
        return Version + Convert.ToBase64String(box);
    }

    /// <exception cref="SecretUnreadableException">None of the keys opens it, or it is for another purpose.</exception>
    public string Decrypt(string encrypted, string purpose)
    {
        if (encrypted.StartsWith(Version, StringComparison.Ordinal))
        {
            var box = new byte[encrypted.Length];
            if (Convert.TryFromBase64String(encrypted[Version.Length..], box, out var length) && length >= NonceBytes + TagBytes)
            {
                var bytes = box.AsSpan(0, length);
                foreach (var key in _keys)
                {
                    if (TryDecrypt(key, bytes, purpose) is { } secret)
                    {
                        return secret;
                    }
                }
            }
        }

        throw new SecretUnreadableException();
    }

    private static string? TryDecrypt(byte[] key, ReadOnlySpan<byte> box, string purpose)
    {
        var plain = new byte[box.Length - NonceBytes - TagBytes];
        using var aes = new AesGcm(key, TagBytes);
        try
        {
            aes.Decrypt(
                box[..NonceBytes], box[(NonceBytes + TagBytes)..], box.Slice(NonceBytes, TagBytes), plain, Encoding.UTF8.GetBytes(purpose));
            return Encoding.UTF8.GetString(plain);
        }
        catch (AuthenticationTagMismatchException)
        {
            return null;
        }
    }

    private static byte[] Derive(string secret) =>
        HKDF.DeriveKey(HashAlgorithmName.SHA256, Encoding.UTF8.GetBytes(secret), KeyBytes, info: "replyx secrets v1"u8.ToArray());
}
