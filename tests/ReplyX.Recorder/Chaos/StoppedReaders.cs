using System.Globalization;
using ReplyX.Client;
using ReplyX.Recorder.Cluster;
using ReplyX.Recorder.Judging;
using ReplyX.Recorder.Sockets;
using ReplyX.Recorder.Traffic;
using ReplyX.Testing;

namespace ReplyX.Recorder.Chaos;

/// <summary>
/// Readers far behind stop amid the replay of a long log. One that goes on after a while gets all in order; one that does not is closed
/// by its node, with a code that asks it to come back, and when it reads again it resumes on the other replica.
/// </summary>
internal sealed class StoppedReaders(SideStage stage)
{
    private const int Fillers = 8;
    private const int EventsOfAFiller = 40;

    /// <summary>With three bytes a character more, all together, than the system holds for one connection on its way.</summary>
    private const int Length = 7_900;
    private const int Readers = 6;
    private const int StopBefore = 40;
    private const int Messages = 20;

    /// <summary>What a node may need, besides its patience, to close one that reads nothing: the wait for the answer to its Close, and a busy machine.</summary>
    private static readonly TimeSpan _slack = TimeSpan.FromSeconds(12);

    private static readonly int[] _codes = [1001, 1012, 1013, 4001, 4008, 4010];

    private RecordedDialog? _long;

    public async Task RunAsync(Fault fault)
    {
        var random = new Random(fault.Seed);
        var dialog = _long ??= await FillAsync(random);
        var forGood = RecordedCluster.SendTimeout + _slack;
        var readers = Enumerable.Range(0, Readers).Select(i =>
        {
            var pause = i % 2 == 0 ? fault.Length : forGood;
            var after = random.Next(1, StopBefore);
            var here = stage.Cluster.Replicas[i / 2 % 2];
            var there = stage.Cluster.Replicas[1 - (i / 2 % 2)];
            var name = string.Create(
                CultureInfo.InvariantCulture, $"reader {i + 1} on {here.Name} that stopped after {after} events for {pause.TotalSeconds:0.0} s");
            var reader = stage.Add(
                dialog, name, SideStage.On(here, dialog), EventCursor.Start, random, new ReaderPause(after, pause, SideStage.On(there, dialog)));
            return (Pause: pause, Socket: reader);
        }).ToList();
        await Task.WhenAll(readers.Select(reader => reader.Socket.StartAsync())).Within("readers to connect");

        // Others write on meanwhile: the seam between replay and live moves away from those who stopped.
        for (var i = 0; i < Messages; i++)
        {
            await stage.SendAsync(dialog, Texts.Next(random, $"meanwhile {i}"));
        }

        await Task.Delay(forGood);
        await stage.UntilDeliveredAsync([.. readers.Select(reader => (dialog, reader.Socket))]);
        await stage.CloseAsync(readers.Select(reader => reader.Socket));
        foreach (var (pause, socket) in readers)
        {
            Judge(socket, wasToBeClosed: pause == forGood);
        }
    }

    private void Judge(RawSocket socket, bool wasToBeClosed)
    {
        // Nothing cuts these connections: what ended one was its node.
        var losses = socket.Timeline.Entries.Where(entry => entry.Kind == EntryKind.Lost).ToList();
        if (wasToBeClosed && losses.Count == 0)
        {
            stage.Violations.Add(ViolationKind.NeverClosed, $"{socket.Name} was never closed, and got the rest when it read on");
        }

        foreach (var code in losses.Select(loss => loss.CloseCode).OfType<int>().Except(_codes))
        {
            stage.Violations.Add(ViolationKind.NotConnected, $"{socket.Name} was closed with {code}");
        }
    }

    private async Task<RecordedDialog> FillAsync(Random random)
    {
        var dialog = await stage.OpenDialogAsync();
        var letters = Enumerable.Range(0, Fillers).Select(_ => new string((char)random.Next('一', '龥'), Length)).ToList();
        await Task.WhenAll(Enumerable.Range(0, Fillers).Select(async filler =>
        {
            for (var i = 0; i < EventsOfAFiller; i++)
            {
                await stage.SendAsync(dialog, string.Create(CultureInfo.InvariantCulture, $"filler {filler} {i} {letters[filler]}"), $"filler{filler}");
            }
        }));
        return dialog;
    }
}
