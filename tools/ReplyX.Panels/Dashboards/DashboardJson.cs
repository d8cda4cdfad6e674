using System.Text.Json.Serialization;

namespace ReplyX.Panels.Dashboards;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, NumberHandling = JsonNumberHandling.AllowReadingFromString)]
[JsonSerializable(typeof(GrafanaDashboard))]
[JsonSerializable(typeof(FieldSettings))]
internal sealed partial class DashboardJson : JsonSerializerContext;
