using System.Globalization;

namespace ReplyX.Validation;

/// <summary>A place in the working tree.</summary>
/// <param name="Path">The file, or folder, from the tree's root.</param>
/// <param name="Line">The line, from 1; null for all of it.</param>
internal readonly record struct Place(string Path, int? Line = null)
{
    public override string ToString() => Line is { } line ? string.Create(CultureInfo.InvariantCulture, $"{Path}:{line}") : Path;
}
