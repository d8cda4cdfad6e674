using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace ReplyX.Testing;

/// <summary>Keeps all that is logged, its structured values and exceptions included.</summary>
public sealed class LogLines : ILoggerProvider, ISupportExternalScope
{
    private IExternalScopeProvider _scopes = new LoggerExternalScopeProvider();

    public ConcurrentQueue<(LogLevel Level, string Text)> All { get; } = new();

    /// <summary>What was logged at Error or Critical.</summary>
    public IEnumerable<string> Errors => All.Where(line => line.Level >= LogLevel.Error).Select(line => line.Text);

    /// <summary>What was logged at any level.</summary>
    public IEnumerable<string> Texts => All.Select(line => line.Text);

    public ILogger CreateLogger(string categoryName) => new Logger(this, categoryName);

    public void SetScopeProvider(IExternalScopeProvider scopeProvider) => _scopes = scopeProvider;

    public void Dispose()
    {
    }

    private sealed class Logger(LogLines owner, string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => owner._scopes.Push(state);

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            var values = state is IEnumerable<KeyValuePair<string, object?>> pairs ? string.Join(' ', pairs) : "";
            owner._scopes.ForEachScope((scope, _) => values += $" {(scope is IEnumerable<KeyValuePair<string, object?>> inner ? string.Join(' ', inner) : scope)}", 0);
            owner.All.Enqueue((logLevel, $"{category}: {formatter(state, exception)} {values} {exception}"));
        }
    }
}
