using System.Diagnostics;
using ReplyX.Testing;

namespace ReplyX.Panels.Tests;

/// <summary>A Prometheus that has scraped a service. Without the executable it is not there, and the tests that need it are skipped.</summary>
public sealed class PrometheusFixture : IAsyncLifetime
{
    private readonly TempDirectory _folder = new();
    private ScrapedService? _service;
    private Process? _process;

    private int Port { get; } = FreePort.Next();

    public string Url => $"http://127.0.0.1:{Port}";

    /// <summary>The end of what the tests look at.</summary>
    public string End => _service is null ? "" : _service.End.ToString("O");

    public async ValueTask InitializeAsync()
    {
        if (RequiredTool.Find("prometheus") is not { } prometheus)
        {
            return;
        }

        _service = await ScrapedService.StartAsync();
        await File.WriteAllTextAsync(_folder.File("prometheus.yml"), $$"""
            global: { scrape_interval: 500ms, scrape_timeout: 500ms }
            scrape_configs:
              - job_name: api
                static_configs: [{ targets: ['{{_service.Address}}'] }]
            """);
        _process = Process.Start(new ProcessStartInfo(prometheus)
        {
            ArgumentList =
            {
                $"--config.file={_folder.File("prometheus.yml")}", $"--storage.tsdb.path={_folder.File("data")}", $"--web.listen-address=127.0.0.1:{Port}",
            },
            RedirectStandardError = true,
        })!;
        _ = _process.StandardError.ReadToEndAsync();
        await _service.Scraped.Within("Prometheus to scrape the service");
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
        {
            _process.Kill();
            await _process.WaitForExitAsync();
            _process.Dispose();
        }

        if (_service is not null)
        {
            await _service.DisposeAsync();
        }

        _folder.Dispose();
    }
}
