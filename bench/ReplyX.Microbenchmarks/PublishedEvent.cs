using System.Globalization;

namespace ReplyX.Microbenchmarks;

/// <summary>A message of 200 bytes as the log holds it and Redis publishes it.</summary>
internal static class PublishedEvent
{
    public static string Text(long seq) => string.Create(
        CultureInfo.InvariantCulture,
        $$"""{{seq}} 9f3c01ab 1767322985006 g.0123456789abcdef:0f8fad5b-d9cb-469f-a165-70867728950e{{"\n"}}{"type":"message","dialog_id":6083888128644823,"id":{{seq}},"seq":{{seq}},"cursor":"{{seq}}-9f3c01ab","sender":"user","text":"{{new string('x', 200)}}","timestamp":"2026-01-02T03:03:05.006Z"}""");
}
