using System.Globalization;
using System.Runtime.InteropServices;
using ReplyX.Smoke;

CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
using var stop = new CancellationTokenSource();
using var interrupted = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
using var terminated = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
return await new SmokeCommand(Console.Out, Console.Error, TimeProvider.System).RunAsync(args, SmokeCredentials.FromEnvironment(), stop.Token);

void Stop(PosixSignalContext signal)
{
    signal.Cancel = true;
    stop.Cancel();
}
