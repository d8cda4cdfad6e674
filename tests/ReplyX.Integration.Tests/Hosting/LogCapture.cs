using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace ReplyX.Integration.Tests.Hosting;

/// <summary>Everything a service logs, at every level, scopes and exceptions too.</summary>
internal sealed class LogCapture : ILoggerProvider, ISupportExternalScope
{
    private readonly ConcurrentQueue<(LogLevel Level, string Text)> _lines = new();
    private IExternalScopeProvider? _scopes;

    public IEnumerable<string> Lines => _lines.Select(line => line.Text);

    public IEnumerable<string> Errors => _lines.Where(line => line.Level >= LogLevel.Error).Select(line => line.Text);

    public ILogger CreateLogger(string categoryName) => new Logger(this, categoryName);

    public void SetScopeProvider(IExternalScopeProvider scopeProvider) => _scopes = scopeProvider;

    public void Dispose()
    {
    }

    private sealed class Logger(LogCapture capture, string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => capture._scopes?.Push(state);

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            var values = state is IEnumerable<KeyValuePair<string, object?>> pairs ? string.Join(' ', pairs) : "";
            List<string> scopes = [];
            capture._scopes?.ForEachScope((scope, list) => list.Add(scope?.ToString() ?? ""), scopes);
            capture._lines.Enqueue(
                (logLevel, $"{logLevel} {category} {formatter(state, exception)} {values} {string.Join(' ', scopes)} {exception}"));
        }
    }
}
