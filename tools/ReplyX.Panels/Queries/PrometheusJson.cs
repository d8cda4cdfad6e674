using System.Text.Json.Serialization;

namespace ReplyX.Panels.Queries;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, Converters = [typeof(SampleConverter)])]
[JsonSerializable(typeof(PrometheusAnswer))]
[JsonSerializable(typeof(PrometheusQueryData))]
[JsonSerializable(typeof(List<PrometheusSeries>))]
[JsonSerializable(typeof(PrometheusTargets))]
internal sealed partial class PrometheusJson : JsonSerializerContext;
