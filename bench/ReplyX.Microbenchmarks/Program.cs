using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Running;
using ReplyX.Microbenchmarks;

// dotnet run -c Release --project bench/ReplyX.Microbenchmarks -- --filter '*'
BenchmarkSwitcher.FromAssembly(typeof(CursorBenchmarks).Assembly).Run(args, DefaultConfig.Instance.WithArtifactsPath("artifacts/microbenchmarks"));
