using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace ReplyX.Bench.Memory;

/// <summary>
/// Holds a process to a part of one processor, as a quota does: once it has used what is its own it is stopped until that grows again. So
/// several servers fit on a machine that has fewer processors, and none takes what another has left. Linux only.
/// </summary>
internal sealed partial class CpuShare : IDisposable
{
    private const int SigCont = 18;
    private const int SigStop = 19;

    private static readonly TimeSpan _period = TimeSpan.FromMilliseconds(2);

    private readonly int _process;
    private readonly double _share;
    private readonly Thread _thread;
    private volatile bool _isOver;

    public CpuShare(int process, double share)
    {
        _process = process;
        _share = share;
        _thread = new Thread(Run) { IsBackground = true, Priority = ThreadPriority.Highest };
        _thread.Start();
    }

    public void Dispose()
    {
        _isOver = true;
        _thread.Join();
    }

    private void Run()
    {
        var (began, used) = (Stopwatch.GetTimestamp(), Used());
        var isStopped = false;
        while (!_isOver)
        {
            var allowed = Stopwatch.GetElapsedTime(began).TotalNanoseconds * _share;
            var taken = Used() - used;
            if (taken > allowed != isStopped)
            {
                isStopped = !isStopped;
                _ = Kill(_process, isStopped ? SigStop : SigCont);
            }

            // What was not used is not saved up.
            if (taken < allowed - (_period.TotalNanoseconds * 20))
            {
                (began, used) = (Stopwatch.GetTimestamp(), Used());
            }

            Thread.Sleep(_period);
        }

        _ = Kill(_process, SigCont);
    }

    // Nanoseconds on a processor: https://docs.kernel.org/scheduler/sched-stats.html. Redis' main thread is what takes commands.
    private double Used() =>
        double.Parse(File.ReadAllText($"/proc/{_process}/schedstat").Split(' ')[0], CultureInfo.InvariantCulture);

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Kill(int process, int signal);
}
