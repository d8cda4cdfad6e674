namespace ReplyX.Integration.Tests.Telemetry;

/// <summary>A span or a log record as a collector gets it.</summary>
/// <param name="Service">The name of the service that exported it.</param>
/// <param name="Instance">Which of its processes did.</param>
/// <param name="Scope">A span's source, a record's category.</param>
/// <param name="Trace">The trace's id; empty for a record outside of one.</param>
/// <param name="Span">The span's own id, or that of the span in which a record was written.</param>
/// <param name="Parent">The id of a span's parent.</param>
/// <param name="Name">A span's name.</param>
internal sealed record Exported(string Service, string Instance, string Scope, string Trace, string Span, string Parent, string Name)
{
    /// <summary>Reads an export of traces: opentelemetry/proto/trace/v1/trace.proto has the numbers.</summary>
    public static IEnumerable<Exported> Spans(byte[] export) =>
        Read(export, (span, resource, scope) => resource with { Scope = scope, Trace = span.Hex(1), Span = span.Hex(2), Parent = span.Hex(4), Name = span.Text(5) });

    /// <summary>Reads an export of logs: opentelemetry/proto/logs/v1/logs.proto has the numbers.</summary>
    public static IEnumerable<Exported> Logs(byte[] export) =>
        Read(export, (record, resource, scope) => resource with { Scope = scope, Trace = record.Hex(9), Span = record.Hex(10) });

    // Both signals are resources with scopes with items.
    private static IEnumerable<Exported> Read(byte[] export, Func<ProtobufMessage, Exported, string, Exported> read) =>
        from resource in new ProtobufMessage(export).Messages(1)
        let attributes = resource.Messages(1).SelectMany(described => described.Messages(1)).ToDictionary(
            attribute => attribute.Text(1), attribute => string.Concat(attribute.Messages(2).Select(value => value.Text(1))))
        let exporter = new Exported(attributes["service.name"], attributes["service.instance.id"], "", "", "", "", "")
        from scope in resource.Messages(2)
        from item in scope.Messages(2)
        select read(item, exporter, string.Concat(scope.Messages(1).Select(named => named.Text(1))));
}
