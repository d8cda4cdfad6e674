using System.IO.Compression;
using System.Security.Cryptography;

namespace ReplyX.Api.Web;

/// <summary>A file of the pages, kept in memory in each encoding that browsers take.</summary>
internal sealed class WebAsset(string path, byte[] content)
{
    // 9 of 11: the last two take ten times as long for 3 % less.
    private const int BrotliQuality = 9;
    private const int BrotliWindowBits = 22;

    // A file that saves less than this is sent as it is.
    private const int LeastSaving = 256;

    private readonly Lazy<byte[]?> _brotli = new(() => IfSmaller(Brotli(content), content));
    private readonly Lazy<byte[]?> _gzip = new(() => IfSmaller(Gzip(content), content));

    /// <summary>The path below the assets' root, with slashes.</summary>
    public string Path => path;

    public byte[] Content => content;

    /// <summary>Tells this content from any other.</summary>
    public string Hash { get; } = Convert.ToHexStringLower(SHA256.HashData(content))[..16];

    public string ContentType { get; } = System.IO.Path.GetExtension(path) switch
    {
        ".js" => "text/javascript; charset=utf-8",
        ".css" => "text/css; charset=utf-8",
        ".html" => "text/html; charset=utf-8",
        ".svg" => "image/svg+xml",
        ".png" => "image/png",
        ".webp" => "image/webp",
        ".woff2" => "font/woff2",
        ".mp3" => "audio/mpeg",
        ".wav" => "audio/wav",
        ".json" or ".webmanifest" => "application/json",
        _ => "text/plain; charset=utf-8",
    };

    /// <summary>The bytes to send to who accepts these encodings, and the name of the encoding; null for none.</summary>
    public (byte[] Bytes, string? Encoding) For(string acceptEncoding)
    {
        if (Accepts(acceptEncoding, "br") && _brotli.Value is { } brotli)
        {
            return (brotli, "br");
        }

        return Accepts(acceptEncoding, "gzip") && _gzip.Value is { } gzip ? (gzip, "gzip") : (content, null);
    }

    // RFC 9110, 12.5.3: a weight of 0 is a refusal.
    private static bool Accepts(string header, string encoding)
    {
        foreach (var range in header.AsSpan().Split(','))
        {
            var item = header.AsSpan(range);
            var end = item.IndexOf(';');
            var name = (end < 0 ? item : item[..end]).Trim();
            if (name.Equals(encoding, StringComparison.OrdinalIgnoreCase))
            {
                var weight = end < 0 ? default : item[(end + 1)..].Trim();
                return !weight.StartsWith("q=0", StringComparison.OrdinalIgnoreCase) || weight.IndexOfAnyInRange('1', '9') >= 0;
            }
        }

        return false;
    }

    private static byte[] Brotli(byte[] content)
    {
        var target = new byte[BrotliEncoder.GetMaxCompressedLength(content.Length)];
        return BrotliEncoder.TryCompress(content, target, out var written, BrotliQuality, BrotliWindowBits) ? target[..written] : content;
    }

    private static byte[] Gzip(byte[] content)
    {
        using var target = new MemoryStream();
        using (var gzip = new GZipStream(target, CompressionLevel.SmallestSize))
        {
            gzip.Write(content);
        }

        return target.ToArray();
    }

    private static byte[]? IfSmaller(byte[] compressed, byte[] content) =>
        compressed.Length + LeastSaving < content.Length ? compressed : null;
}
