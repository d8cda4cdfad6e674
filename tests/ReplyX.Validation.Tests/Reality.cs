using Microsoft.AspNetCore.Routing.Patterns;
using ReplyX.Testing;
using ReplyX.Validation.Services;
using ReplyX.Validation.Sources;
using ReplyX.Validation.Tests;

[assembly: AssemblyFixture(typeof(Reality))]

namespace ReplyX.Validation.Tests;

/// <summary>The repository and its services as they are, read once. Tests seed their faults into copies of it.</summary>
public sealed class Reality : IAsyncLifetime
{
    private Subject? _subject;

    internal Subject Subject => _subject ?? throw new InvalidOperationException("Nothing was read.");

    public async ValueTask InitializeAsync() =>
        _subject = new Subject(new SourceTree(Repository.Root), await ServiceGraph.ReadAsync(Repository.Root));

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}

/// <summary>How faults are seeded and looked for.</summary>
internal static class Seeding
{
    /// <summary>Another graph of services.</summary>
    public static Subject With(this Subject subject, Func<SocketGraph, SocketGraph> change) => subject with { Graph = change(subject.Graph) };

    /// <summary>Another text in a file, which may be a new one.</summary>
    public static Subject With(this Subject subject, string path, string? text) => subject with { Tree = subject.Tree.With(path, text) };

    /// <summary>A file in which something is replaced that it has.</summary>
    public static Subject With(this Subject subject, string path, string old, string replacement)
    {
        var text = subject.Tree.Find(path)!.Text;
        Assert.Contains(old, text, StringComparison.Ordinal);
        return subject.With(path, text.Replace(old, replacement, StringComparison.Ordinal));
    }

    /// <summary>A row of the table that is another.</summary>
    public static Subject WithRow(this Subject subject, string path, Func<TablePath, TablePath> change) =>
        subject.With(graph => graph with { Table = [.. graph.Table.Select(row => row.Path == path ? change(row) : row)] });

    /// <summary>One more endpoint of the realtime service.</summary>
    public static Subject WithEndpoint(this Subject subject, string pattern, string? route = null) =>
        subject.With(graph => graph with { Realtime = [.. graph.Realtime, Endpoint(pattern, route)] });

    public static GraphEndpoint Endpoint(string pattern, string? route = null) => new(RoutePatternFactory.Parse(pattern), "seeded", route);

    /// <summary>The one fault that a check finds.</summary>
    public static Fault Fault(this Subject subject, ICheck check) => Assert.Single(check.Judge(subject).Faults);

    /// <summary>What a check finds, as it is printed.</summary>
    public static IEnumerable<string> Faults(this Subject subject, ICheck check) =>
        check.Judge(subject).Faults.Select(fault => $"{fault.Place}: {fault.Message}");

    /// <summary>Where a file has a text.</summary>
    public static string PlaceOf(this Subject subject, string path, string part)
    {
        var place = subject.Tree.Find(path)!.PlaceOf(part);
        Assert.NotNull(place.Line);
        return place.ToString();
    }
}
