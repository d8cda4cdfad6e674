using System.Reflection;
using System.Security.Cryptography;
using System.Text;

namespace ReplyX.Api.Web;

/// <summary>
/// The files of the pages, which are resources of this assembly. They are served below <c>/assets/{hash of all files}</c>, so that
/// modules import each other by relative paths, without a build step, and every file may be cached for ever.
/// </summary>
internal sealed class WebAssets
{
    private const string Prefix = "web/";

    // 48 bits: the hash tells versions of one service apart.
    private const int HashLength = 12;

    private readonly Dictionary<string, WebAsset> _files;
    private readonly Dictionary<string, IReadOnlyList<string>> _imports;

    public WebAssets()
    {
        var assembly = typeof(WebAssets).Assembly;
        _files = assembly.GetManifestResourceNames()
            .Where(name => name.StartsWith(Prefix, StringComparison.Ordinal))
            .Select(name => new WebAsset(name[Prefix.Length..].Replace('\\', '/'), Read(assembly, name)))
            .ToDictionary(asset => asset.Path, StringComparer.Ordinal);
        Version = HashOf(_files.Values);
        Root = $"/assets/{Version}";
        _imports = _files.Values.Where(asset => asset.Path.EndsWith(".js", StringComparison.Ordinal))
            .ToDictionary(asset => asset.Path, ModuleImports.Of, StringComparer.Ordinal);
    }

    /// <summary>The hash of all files.</summary>
    public string Version { get; }

    /// <summary>The path below which the files are served, without a slash at its end.</summary>
    public string Root { get; }

    public IEnumerable<WebAsset> All => _files.Values;

    public WebAsset? Find(string path) => _files.GetValueOrDefault(path);

    /// <summary>A file that this assembly is built with.</summary>
    /// <exception cref="InvalidOperationException">There is no such file.</exception>
    public WebAsset Get(string path) => Find(path) ?? throw new InvalidOperationException($"There is no '{path}' among the files of the pages.");

    /// <summary>A module and all that it imports at once, so that a page can ask for them before it has read the first.</summary>
    public IReadOnlyList<string> ModulesOf(string entry)
    {
        List<string> modules = [entry];
        for (var i = 0; i < modules.Count; i++)
        {
            modules.AddRange(_imports[modules[i]].Where(import => _imports.ContainsKey(import) && !modules.Contains(import)));
        }

        return modules;
    }

    private static byte[] Read(Assembly assembly, string name)
    {
        using var resource = assembly.GetManifestResourceStream(name)!;
        var content = new byte[resource.Length];
        resource.ReadExactly(content);
        return content;
    }

    private static string HashOf(IEnumerable<WebAsset> files)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var file in files.OrderBy(file => file.Path, StringComparer.Ordinal))
        {
            // With the lengths, so that no two sets of files make the same bytes.
            hash.AppendData(Encoding.UTF8.GetBytes($"{file.Path}\n{file.Content.Length}\n"));
            hash.AppendData(file.Content);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset())[..HashLength];
    }
}
