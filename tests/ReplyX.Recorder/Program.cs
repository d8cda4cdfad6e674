using System.Globalization;
using ReplyX.Recorder;
using ReplyX.Testing;

var (options, error) = RecorderOptions.Parse(args);
if (options is null)
{
    Console.Error.WriteLine($"ReplyX.Recorder: {error}\n{RecorderOptions.Usage}");
    return 2;
}

if (options.Redis == RedisKind.Cluster && RequiredTool.Find("redis-cli") is null)
{
    Console.Error.WriteLine("ReplyX.Recorder: redis-cli is not installed, and a cluster is made with it");
    return 2;
}

if (options.Redis != RedisKind.Garnet && RequiredTool.Find("redis-server") is null)
{
    Console.Error.WriteLine("ReplyX.Recorder: redis-server is not installed; --redis garnet does without it");
    return 2;
}

var report = await Recording.RunAsync(options, line => Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{DateTime.Now:HH:mm:ss} {line}")));
return report.IsGood ? 0 : 1;
