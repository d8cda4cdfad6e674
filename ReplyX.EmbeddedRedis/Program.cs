using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Garnet;
using ReplyX.EmbeddedRedis;

var (options, error) = EmbeddedRedisOptions.Parse(args);
if (options is null)
{
    return Fail(error!);
}

using var stopped = new ManualResetEventSlim();
using var onTerminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
using var onInterrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);

try
{
    Directory.CreateDirectory(options.DataDirectory);

    // Two servers on one log would ruin it. The lock goes with the process, however that ends.
    using var ownership = Own(options.DataDirectory);
    if (ownership is null)
    {
        return Fail($"another server uses {options.DataDirectory}");
    }

    // Asked before the recovery, which may take long: Garnet binds only after it.
    using (var probe = new Socket(options.Bind.AddressFamily, SocketType.Stream, ProtocolType.Tcp))
    {
        probe.Bind(new IPEndPoint(options.Bind, options.Port));
    }

    using var server = new GarnetServer(GarnetArguments.For(options));
    server.Start();
    Console.WriteLine($"Ready on {options.Bind}:{options.Port}, data in {options.DataDirectory}");
    stopped.Wait();
    return 0;
}
catch (SocketException e) when (e.SocketErrorCode == SocketError.AddressAlreadyInUse)
{
    return Fail($"port {options.Port} on {options.Bind} is taken");
}
catch (Exception e)
{
    return Fail(e.Message.ReplaceLineEndings(" "));
}

void Stop(PosixSignalContext context)
{
    context.Cancel = true;
    stopped.Set();
}

static FileStream? Own(string directory)
{
    var path = Path.Combine(directory, ".lock");
    try
    {
        return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
    }
    catch (IOException) when (File.Exists(path))
    {
        return null;
    }
}

static int Fail(string message)
{
    Console.Error.WriteLine($"ReplyX.EmbeddedRedis: {message}");
    return 1;
}
