using ReplyX.Validation.Services;
using ReplyX.Validation.Sources;

namespace ReplyX.Validation;

/// <summary>What is checked: the files of a working tree, and the services as they are put together.</summary>
internal sealed record Subject(SourceTree Tree, SocketGraph Graph)
{
    /// <summary>Where the table of routes is written.</summary>
    public const string TableFile = "ReplyX.Realtime/Routes/SocketRoutes.cs";

    /// <summary>Where the table says something of a path.</summary>
    public Place InTable(string path) => Tree.Find(TableFile)?.PlaceOf($"\"{path}\"") ?? new Place(TableFile);
}
