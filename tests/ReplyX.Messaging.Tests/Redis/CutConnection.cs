using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Text;
using ReplyX.Messaging.Redis;
using StackExchange.Redis;

namespace ReplyX.Messaging.Tests.Redis;

/// <summary>
/// A connection on which everything ends at one point, as if the process, or a server that tears its scripts, were killed there: before one
/// of its calls, or within a script before one of its writes. <see cref="EachAsync"/> goes through all points that there are.
/// </summary>
internal static class CutConnection
{
    private const string Cut = "cut off here";

    // What a script reads changes nothing, so that a cut before it is one before the next write.
    private const string Header =
        $$"""
        local writes_left, real = @writes, redis
        local reads = { GET = 1, EXISTS = 1, HGET = 1, HMGET = 1, HGETALL = 1, LINDEX = 1, LLEN = 1, LRANGE = 1, TTL = 1, ZSCORE = 1, ZRANGEBYSCORE = 1 }
        local redis = { call = function(command, ...)
          if not reads[command] then
            if writes_left == 0 then error('{{Cut}}') end
            writes_left = writes_left - 1
          end
          return real.call(command, ...)
        end }

        """;

    private static readonly Dictionary<string, string> _texts = typeof(RedisScript).Assembly.GetManifestResourceNames()
        .Where(name => name.EndsWith(".lua", StringComparison.Ordinal))
        .Select(name => RedisScript.Load(name["ReplyX.Messaging.".Length..^".lua".Length]))
        .ToDictionary(script => Encoding.ASCII.GetString(script.Hash), script => Encoding.UTF8.GetString(script.Text));

    /// <summary>Does something again and again, cut off at another point each time, until it comes to its end.</summary>
    /// <param name="attempt">Connects by what it is given, and does it. It throws when it was cut off, and is then looked at.</param>
    /// <returns>How many points there were.</returns>
    public static async Task<int> EachAsync(Func<CutPoint, Task> attempt)
    {
        var (call, write, points) = (0, 0, 0);
        while (true)
        {
            var point = new CutPoint(call, write) { Number = points };
            await attempt(point);
            if (point.WasReached)
            {
                points++;
                write++;
            }
            else if (point.WasPassed)
            {
                (call, write) = (call + 1, 0);
            }
            else
            {
                return points;
            }
        }
    }

    /// <summary>Wraps a connection.</summary>
    public static IConnectionMultiplexer Wrap(IConnectionMultiplexer connection, CutPoint point)
    {
        var wrapped = DispatchProxy.Create<IConnectionMultiplexer, ConnectionProxy>();
        (((ConnectionProxy)wrapped).Inner, ((ConnectionProxy)wrapped).Point) = (connection, point);
        return wrapped;
    }

    /// <summary>Where it ends.</summary>
    /// <param name="call">Before which call, or within it.</param>
    /// <param name="write">Before which of its writes, if it is a script.</param>
    internal sealed class CutPoint(int call, int write)
    {
        private int _calls;

        /// <summary>How many points there were before.</summary>
        public int Number { get; init; }

        /// <summary>From when on calls count.</summary>
        public bool IsArmed { get; set; }

        /// <summary>Whether it was cut off.</summary>
        public bool WasReached { get; private set; }

        /// <summary>Whether the call came, and had no such write.</summary>
        public bool WasPassed { get; private set; }

        public object? Run(IDatabase database, MethodInfo method, object?[] arguments)
        {
            if (!IsArmed || method.Name == nameof(IDatabase.IsConnected))
            {
                return method.Invoke(database, arguments);
            }

            if (WasReached)
            {
                throw Broken();
            }

            if (_calls++ != call)
            {
                return method.Invoke(database, arguments);
            }

            if (method.Name == nameof(IDatabase.ScriptEvaluateAsync) && arguments[0] is byte[] hash)
            {
                return CutAsync(database, _texts[Convert.ToHexStringLower(hash)], (RedisKey[])arguments[1]!, (RedisValue[])arguments[2]!);
            }

            if (write > 0)
            {
                WasPassed = true;
                return method.Invoke(database, arguments);
            }

            WasReached = true;
            throw Broken();
        }

        private async Task<RedisResult> CutAsync(IDatabase database, string text, RedisKey[] keys, RedisValue[] arguments)
        {
            try
            {
                var reply = await database.ScriptEvaluateAsync(
                    Header.Replace("@writes", $"{write}", StringComparison.Ordinal) + text, keys, arguments);
                WasPassed = true;
                return reply;
            }
            catch (RedisServerException exception) when (exception.Message.Contains(Cut, StringComparison.Ordinal))
            {
                WasReached = true;
                throw Broken();
            }
        }

        private static RedisConnectionException Broken() => new(ConnectionFailureType.SocketClosed, Cut);
    }

    [SuppressMessage("Performance", "CA1852", Justification = "DispatchProxy makes a class of it.")]
    internal class ConnectionProxy : DispatchProxy
    {
        public IConnectionMultiplexer Inner { get; set; } = null!;

        public CutPoint Point { get; set; } = null!;

        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
        {
            var result = targetMethod!.Invoke(Inner, args);
            if (result is not IDatabase database)
            {
                return result;
            }

            var wrapped = DispatchProxy.Create<IDatabase, DatabaseProxy>();
            (((DatabaseProxy)wrapped).Inner, ((DatabaseProxy)wrapped).Point) = (database, Point);
            return wrapped;
        }
    }

    [SuppressMessage("Performance", "CA1852", Justification = "DispatchProxy makes a class of it.")]
    internal class DatabaseProxy : DispatchProxy
    {
        public IDatabase Inner { get; set; } = null!;

        public CutPoint Point { get; set; } = null!;

        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) => Point.Run(Inner, targetMethod!, args!);
    }
}
