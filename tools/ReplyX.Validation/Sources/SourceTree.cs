using System.Collections.Concurrent;

namespace ReplyX.Validation.Sources;

/// <summary>The files of a working tree, without what is built, installed or taken from others.</summary>
internal sealed class SourceTree
{
    private static readonly string[] _skipped = ["bin", "obj", "node_modules", "vendor", "artifacts"];

    private readonly string _root;
    private readonly Dictionary<string, SourceFile?> _changed;

    // What is read is kept, for trees that differ from this one by a file as well.
    private readonly ConcurrentDictionary<string, SourceFile> _read;

    public SourceTree(string root)
        : this(System.IO.Path.GetFullPath(root), [], new())
    {
    }

    private SourceTree(string root, Dictionary<string, SourceFile?> changed, ConcurrentDictionary<string, SourceFile> read) =>
        (_root, _changed, _read) = (root, changed, read);

    public string Root => _root;

    /// <summary>The tree with another text in one file.</summary>
    /// <param name="path">The file, which may be a new one.</param>
    /// <param name="text">Its text; null if it is gone.</param>
    public SourceTree With(string path, string? text) =>
        new(_root, new(_changed) { [path] = text is null ? null : new SourceFile(path, text) }, _read);

    /// <summary>A file; null if there is none.</summary>
    public SourceFile? Find(string path)
    {
        if (_changed.TryGetValue(path, out var changed))
        {
            return changed;
        }

        return _read.TryGetValue(path, out var known) || File.Exists(System.IO.Path.Combine(_root, path)) ? known ?? Read(path) : null;
    }

    /// <summary>All files of a folder and those below it, by their names.</summary>
    /// <param name="folder">The folder, from the tree's root; there may be none.</param>
    /// <param name="extensions">The ends of their names, such as <c>.cs</c>.</param>
    public IEnumerable<SourceFile> Files(string folder, params string[] extensions)
    {
        var full = System.IO.Path.Combine(_root, folder);
        var paths = Directory.Exists(full) ? Walk(full) : [];
        return paths
            .Concat(_changed.Keys.Where(path => path.StartsWith(folder + "/", StringComparison.Ordinal)))
            .Distinct()
            .Where(path => Array.Exists(extensions, extension => path.EndsWith(extension, StringComparison.Ordinal)))
            .Order(StringComparer.Ordinal)
            .Select(Find)
            .OfType<SourceFile>();
    }

    /// <summary>The folders of the product's own projects.</summary>
    public IEnumerable<string> Projects() =>
        Directory.EnumerateDirectories(_root, "ReplyX.*").Select(folder => System.IO.Path.GetFileName(folder)).Order(StringComparer.Ordinal);

    private IEnumerable<string> Walk(string folder)
    {
        foreach (var file in Directory.EnumerateFiles(folder))
        {
            yield return System.IO.Path.GetRelativePath(_root, file).Replace('\\', '/');
        }

        foreach (var inner in Directory.EnumerateDirectories(folder))
        {
            if (!_skipped.Contains(System.IO.Path.GetFileName(inner)))
            {
                foreach (var file in Walk(inner))
                {
                    yield return file;
                }
            }
        }
    }

    private SourceFile Read(string path) =>
        _read.GetOrAdd(path, one => new SourceFile(one, File.ReadAllText(System.IO.Path.Combine(_root, one))));
}
