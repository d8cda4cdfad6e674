using System.Threading.Channels;
using ReplyX.Client;
using ReplyX.Recorder.Judging;

namespace ReplyX.Recorder.Traffic;

/// <summary>
/// One author in one dialog: writes over HTTP and over a socket, one message after the other, each with its key until it is
/// acknowledged, through whatever happens meanwhile.
/// </summary>
internal sealed class AuthorLoop(RecordedDialog dialog, Author author, TimeSpan pause, Random random, Violations violations, TrafficCounts counts, bool mayLose)
{
    private const double LongestPause = 4;
    private const int StepsEvery = 6;
    private static readonly TimeSpan _again = TimeSpan.FromMilliseconds(20);
    private static readonly HandoffStep[] _steps = [HandoffStep.Request, HandoffStep.Takeover, HandoffStep.Release];

    private readonly Channel<bool> _pulses = Channel.CreateUnbounded<bool>();
    private int _number;
    private int _pulsed;

    /// <summary>Whether all that a quiet dialog's author was made to write is acknowledged.</summary>
    public bool IsIdle => Volatile.Read(ref _pulsed) == 0;

    /// <summary>Makes a quiet dialog's author write now.</summary>
    public void Pulse()
    {
        Interlocked.Increment(ref _pulsed);
        _pulses.Writer.TryWrite(true);
    }

    /// <summary>Writes until it is told to stop; what it began it ends.</summary>
    /// <param name="stop">No more messages after this.</param>
    /// <param name="abort">Gives up even what is not acknowledged yet.</param>
    public async Task RunAsync(CancellationToken stop, CancellationToken abort)
    {
        try
        {
            while (true)
            {
                await WaitAsync(stop);
                await NextAsync(abort);
                Interlocked.Decrement(ref _pulsed);
            }
        }
        catch (OperationCanceledException) when (!abort.IsCancellationRequested && stop.IsCancellationRequested)
        {
            // All that was begun is acknowledged.
        }
        catch (OperationCanceledException)
        {
            violations.Add(ViolationKind.NotSent, $"{dialog}: {author}'s message {_number} was not acknowledged in time");
        }
    }

    /// <summary>A quiet dialog waits for its turn; the others write at random, as independent people do.</summary>
    private Task WaitAsync(CancellationToken stop) => dialog.IsQuiet
        ? _pulses.Reader.ReadAsync(stop).AsTask()
        : Task.Delay(pause * Math.Min(LongestPause, -Math.Log(1 - random.NextDouble())), stop);

    private async Task NextAsync(CancellationToken abort)
    {
        var key = $"d{dialog.Number}-{author}-{++_number}";
        if (dialog.IsHandedOver && author == Author.Operator && _number >= StepsEvery && _number % StepsEvery < _steps.Length)
        {
            await StepAsync(_steps[_number % StepsEvery], key, abort);
            return;
        }

        var text = Texts.Next(random, key);
        var asAssistant = author == Author.Operator && !dialog.IsHandedOver && random.Next(4) == 0;
        var sender = author == Author.Visitor ? "user" : asAssistant ? "assistant" : "manager";
        EventCursor? at;
        switch (dialog.IsQuiet ? 1 : random.Next(asAssistant ? 10 : 20))
        {
            case 0: // The answer is thrown away and the message sent again, as after a crash of the sender.
                var first = await PostAsync(text, key, asAssistant, abort);
                at = await PostAsync(text, key, asAssistant, abort);
                NoteRepeat(key, first, at);
                break;
            case < 10:
                at = await PostAsync(text, key, asAssistant, abort);
                break;
            case 10: // Over both at once: there must be one message, and both answers must name it.
                var posting = PostAsync(text, key, asAssistant, abort);
                at = await SayAsync(text, key, abort);
                var posted = await posting;
                NoteRepeat(key, posted, at);

                // The greater number is the later one: what is lost goes from the end.
                at = posted?.Seq > at?.Seq ? posted : at;
                break;
            default:
                at = await SayAsync(text, key, abort);
                break;
        }

        if (at is { } cursor)
        {
            dialog.Sent.Enqueue(new AcknowledgedEvent(cursor, EventContent.Message(sender, text), author.ToString(), key));
            counts.Acknowledged();
        }
    }

    private async Task<EventCursor?> PostAsync(string text, string key, bool asAssistant, CancellationToken abort)
    {
        while (true)
        {
            var result = author == Author.Visitor
                ? await dialog.Visitor.SendAsync(text, key, abort)
                : await dialog.Operator.SendAsync(dialog.Id, text, key, asAssistant, abort);
            counts.Attempted(result.Attempts);
            if (result.Value is { } sent)
            {
                if (sent.Duplicate)
                {
                    counts.Deduplicated();
                }

                return sent.Message.Cursor;
            }

            if (!MayComeToPass(result.Status))
            {
                violations.Add(ViolationKind.NotSent, $"{dialog}: {key} was refused with {result.Status} {result.Problem!.Code}");
                return null;
            }

            await Task.Delay(_again, abort);
        }
    }

    private async Task<EventCursor?> SayAsync(string text, string key, CancellationToken abort)
    {
        counts.Attempted(1);
        var result = await dialog.Senders[author].Connection.SendAsync(text, key, abort);
        if (result.Stored)
        {
            if (result.Duplicate)
            {
                counts.Deduplicated();
            }

            return result.Cursor;
        }

        violations.Add(ViolationKind.NotSent, $"{dialog}: {key} was refused over the socket with {result.Error.Code}");
        return null;
    }

    private async Task StepAsync(HandoffStep step, string key, CancellationToken abort)
    {
        while (true)
        {
            var result = await dialog.Operator.StepAsync(dialog.Id, step, key, abort);
            counts.Attempted(result.Attempts);
            if (result.Value is { } answer)
            {
                dialog.Steps.Enqueue(answer.State);
                counts.Acknowledged();
                return;
            }

            if (mayLose && result.Status == 409)
            {
                return; // The step before, or what it hangs on, is lost.
            }

            if (!MayComeToPass(result.Status))
            {
                violations.Add(ViolationKind.NotSent, $"{dialog}: {step} was refused with {result.Status} {result.Problem!.Code}");
                return;
            }
        }
    }

    private void NoteRepeat(string key, EventCursor? first, EventCursor? second)
    {
        if (first is { } one && second is { } other && one != other)
        {
            dialog.Repeats.Enqueue((key, one, other));
        }
    }

    private static bool MayComeToPass(int status) => status is 0 or 408 or 429 or >= 500;
}
