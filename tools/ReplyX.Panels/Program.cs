using System.Globalization;
using ReplyX.Panels;

CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
using var stop = new CancellationTokenSource();
Console.CancelKeyPress += (_, pressed) =>
{
    pressed.Cancel = true;
    stop.Cancel();
};
return await new PanelsCommand(Console.Out, Console.Error, TimeProvider.System).RunAsync(args, stop.Token);
