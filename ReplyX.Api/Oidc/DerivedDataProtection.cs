using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.Options;
using ReplyX.Messaging.Tokens;

namespace ReplyX.Api.Oidc;

/// <summary>
/// Protects what a browser carries to an authority and back, by keys that are derived from the one that signs tokens. So every instance
/// reads what another wrote, without a key ring in a folder or a store of its own. What is protected lives a quarter of an hour.
/// </summary>
internal sealed class DerivedDataProtection(IOptions<TokenOptions> options) : IDataProtectionProvider
{
    public IDataProtector CreateProtector(string purpose)
    {
        // The key before the last change is read still, and not written with.
        string[] secrets = options.Value.PreviousSigningKey.Length == 0
            ? [options.Value.SigningKey]
            : [options.Value.SigningKey, options.Value.PreviousSigningKey];
        return new Protector([.. secrets.Select(Encoding.UTF8.GetBytes)], "replyx-data-protection").CreateProtector(purpose);
    }

    private sealed class Protector : IDataProtector
    {
        private const int KeyBytes = 32;
        private const int NonceBytes = 12;
        private const int TagBytes = 16;

        private readonly byte[][] _secrets;
        private readonly string _purposes;
        private readonly byte[][] _keys;

        public Protector(byte[][] secrets, string purposes)
        {
            _secrets = secrets;
            _purposes = purposes;
            var info = Encoding.UTF8.GetBytes(purposes);
            _keys = [.. secrets.Select(secret => HKDF.DeriveKey(HashAlgorithmName.SHA256, secret, KeyBytes, salt: null, info))];
        }

        // Each purpose with its length, so that no two chains of purposes read the same.
        public IDataProtector CreateProtector(string purpose) => new Protector(_secrets, $"{_purposes}\n{purpose.Length}:{purpose}");

        public byte[] Protect(byte[] plaintext)
        {
            var result = new byte[NonceBytes + TagBytes + plaintext.Length];
            var (nonce, tag, text) = Split(result);
            RandomNumberGenerator.Fill(nonce.Span);
            using var aes = new AesGcm(_keys[0], TagBytes);
            aes.Encrypt(nonce.Span, plaintext, text.Span, tag.Span);
            return result;
        }

        public byte[] Unprotect(byte[] protectedData)
        {
            if (protectedData.Length < NonceBytes + TagBytes)
            {
                throw new CryptographicException("It is too short.");
            }

            var (nonce, tag, text) = Split(protectedData);
            var plaintext = new byte[text.Length];
            for (var i = 0; ; i++)
            {
                try
                {
                    using var aes = new AesGcm(_keys[i], TagBytes);
                    aes.Decrypt(nonce.Span, text.Span, tag.Span, plaintext);
                    return plaintext;
                }
                catch (AuthenticationTagMismatchException) when (i + 1 < _keys.Length)
                {
                    // Perhaps by the key before.
                }
            }
        }

        private static (Memory<byte> Nonce, Memory<byte> Tag, Memory<byte> Text) Split(byte[] data) => (
            data.AsMemory(0, NonceBytes), data.AsMemory(NonceBytes, TagBytes), data.AsMemory(NonceBytes + TagBytes));
    }
}
