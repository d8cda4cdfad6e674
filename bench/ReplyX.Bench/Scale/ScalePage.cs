using System.Globalization;
using ReplyX.Bench.Results;

namespace ReplyX.Bench.Scale;

/// <summary>The tables of <c>scale.md</c>, each of which stands between two comments that name it.</summary>
internal static class ScalePage
{
    private const string Nothing = "–";

    /// <summary>Puts the tables into the page in place of those that are there.</summary>
    public static string Fill(string page, ScaleInput input)
    {
        foreach (var (name, table) in Tables(input))
        {
            var (begin, end) = ($"<!-- {name} -->\n", $"<!-- /{name} -->");
            var from = page.IndexOf(begin, StringComparison.Ordinal);
            var to = page.IndexOf(end, StringComparison.Ordinal);
            if (from < 0 || to < from)
            {
                throw new BenchException($"the page has no place for {name}: \"{begin.TrimEnd()}\" and \"{end}\"");
            }

            page = $"{page[..(from + begin.Length)]}{table.ReplaceLineEndings("\n")}{page[to..]}";
        }

        return page;
    }

    /// <summary>A fleet for each number of sockets.</summary>
    public static IEnumerable<Fleet> Fleets(ScaleInput input, int socketsPerNode) => input.Assumed.Sockets.Select(sockets => new Fleet(input, sockets, socketsPerNode));

    private static IEnumerable<(string Name, string Table)> Tables(ScaleInput input)
    {
        yield return ("machine", Machine(input.MeasuredOn));
        yield return ("measured", Measured(input.Measured));
        yield return ("assumed", Assumed(input.Assumed));
        foreach (var socketsPerNode in input.Assumed.SocketsPerNode)
        {
            var fleets = Fleets(input, socketsPerNode).ToList();
            yield return ($"fleet {socketsPerNode}", Needs(fleets));
            yield return ($"lost node {socketsPerNode}", LostNode(input, fleets));
            yield return ($"deploy {socketsPerNode}", Deploy(input, fleets));
        }

        yield return ("lost shard", LostShard(input, [.. Fleets(input, input.Assumed.SocketsPerNode[0])]));
        yield return ("redis time", RedisTime(input));
        yield return ("greatest account", GreatestAccount(input));
    }

    private static string Machine(MeasuredOn on) => Invariant(
        $"Measured on {on.At:yyyy-MM-dd} on {on.Cores} cores of {on.Processor}, {on.System}, {on.Runtime}, over the loopback, {on.Rounds} rounds, with a load average of {on.LoadAtStart:0.0} at the start: above 0 others worked there, too.\n");

    private static string Measured(MeasuredCosts costs)
    {
        var table = new MarkdownTable("cost", "median", "rounds", "measured by");
        foreach (var cost in costs.All)
        {
            table.Add(cost.What, Invariant($"{cost.Value:0.##} {cost.Unit}"), cost.Least is { } least ? Invariant($"{least:0.##} – {cost.Most:0.##}") : Nothing, $"`{cost.Command[(cost.Command.IndexOf(" -- ", StringComparison.Ordinal) + 4)..]}`");
        }

        return table.ToString();
    }

    private static string Assumed(Assumptions assumed)
    {
        var table = new MarkdownTable("assumption", "");
        table.Add("share of its CPU that a process may use in the long run", Percent(assumed.Utilisation));
        table.Add("cores of a Realtime node, of an Api node, of a Redis", Invariant($"{assumed.RealtimeCores}, {assumed.ApiCores}, 1 (it has one thread)"));
        table.Add("sockets on a dialog", Number(assumed.SocketsPerDialog));
        table.Add("messages in a dialog, a minute, all over HTTP", Number(assumed.MessagesPerDialogAndMinute));
        table.Add("minutes that a socket is open", Number(assumed.SocketMinutes));
        table.Add("requests to the Api at a connect, each at the cost of a message", Number(assumed.RequestsPerConnect));
        table.Add("dialogs of an account; operators' sockets on its list", Invariant($"{assumed.DialogsPerAccount:0}; {assumed.ListsPerAccount:0}"));
        table.Add("seconds until a proxy sends nobody to a lost node any more", Number(assumed.ProxyNoticesSeconds));
        table.Add("share of a node's sockets that visitors leave to operators", Percent(assumed.OperatorReserve));
        table.Add("nodes to spare, and that a deploy replaces at a time; seconds until a new one is ready", Invariant($"{Percent(assumed.DeployShare)}, one at least; {assumed.RestartSeconds:0}"));
        table.Add("seconds that a lost Redis is away", Number(assumed.RedisAwaySeconds));
        table.Add("seed", assumed.Seed.ToString(CultureInfo.InvariantCulture));
        return table.ToString();
    }

    private static string Needs(IReadOnlyList<Fleet> fleets)
    {
        var table = new MarkdownTable(["", .. fleets.Select(fleet => $"{Whole(fleet.Sockets)} sockets")]);
        Row("dialogs", fleet => Whole(fleet.Dialogs));
        Row("messages a second", fleet => Whole(fleet.Messages));
        Row("deliveries a second", fleet => Whole(fleet.Deliveries));
        Row("connects a second", fleet => Whole(fleet.Connects));
        Row("**Realtime nodes**, with those to spare", fleet => $"**{Whole(fleet.Nodes)}**");
        Row("… needed for their sockets; for their CPU; to spare", fleet => $"{Whole(fleet.NodesForSockets)}; {Whole(fleet.NodesForCpu)}; {Whole(fleet.Spare)}");
        Row("… CPU used; memory of sockets", fleet => $"{Percent(fleet.RealtimeLoad)}; {Whole(fleet.MiBOnNode)} MiB");
        Row("**Api nodes**, two at least", fleet => $"**{Whole(fleet.ApiNodes)}**");
        Row("**Redis shards**", fleet => $"**{Whole(fleet.Shards)}**");
        Row("… cores of Redis in all", fleet => Number(fleet.RedisCores));
        Row("… connections to each", fleet => Whole(fleet.RedisConnections));
        return table.ToString();

        void Row(string name, Func<Fleet, string> valueOf) => table.Add(name, fleets.Select(valueOf));
    }

    private static string LostNode(ScaleInput input, IReadOnlyList<Fleet> fleets)
    {
        var table = new MarkdownTable("a node is lost, of", "clients", "half are back after", "99 %", "all", "tries that failed", "all, if its machine vanished unsaid");
        foreach (var fleet in fleets)
        {
            var incidents = new Incidents(input, fleet);
            var (away, failed) = incidents.LoseProcess();
            table.Add(Sockets(fleet), Whole(away.Length), At(away, 0.5), At(away, 0.99), At(away, 1), Whole(failed), At(incidents.LoseMachine().Away, 1));
        }

        return table.ToString();
    }

    private static string Deploy(ScaleInput input, IReadOnlyList<Fleet> fleets)
    {
        var table = new MarkdownTable("a deploy, of", "nodes at a time", "steps", "takes", "moves of a socket", "clients of a step", "half are without a socket for", "99 %", "longest");
        foreach (var fleet in fleets)
        {
            var incidents = new Incidents(input, fleet);
            var (steps, seconds, moves) = incidents.Deploy();
            var (away, _) = incidents.Drain();
            table.Add(
                Sockets(fleet), Whole(incidents.DeployedAtOnce), Whole(steps), Invariant($"{seconds / 60:0.0} min"), Number(moves), Whole(away.Length), At(away, 0.5), At(away, 0.99), At(away, 1));
        }

        return table.ToString();
    }

    private static string LostShard(ScaleInput input, IReadOnlyList<Fleet> fleets)
    {
        var table = new MarkdownTable("a Redis is lost and back, of", "its dialogs", "sends that waited", "half are read on after", "99 %", "all");
        foreach (var fleet in fleets)
        {
            var (readOn, sends) = new Incidents(input, fleet).LoseShard();
            table.Add($"{Sockets(fleet)}, {Whole(fleet.Shards)} Redis", Whole(readOn.Length), Whole(sends), At(readOn, 0.5), At(readOn, 0.99), At(readOn, 1));
        }

        return table.ToString();
    }

    private static string RedisTime(ScaleInput input)
    {
        var (all, account) = (Greatest(input, asOneAccount: false, fleet => fleet.RedisCores), Greatest(input, asOneAccount: true, fleet => fleet.RedisCores));
        var table = new MarkdownTable(
            "what one Redis spends its time on", $"all accounts together, {Whole(all.Sockets)} sockets", $"one account alone, {Whole(account.Sockets)} sockets");
        foreach (var (part, other) in all.RedisParts.Zip(account.RedisParts))
        {
            table.Add(part.What, Percent(part.Cores / all.RedisCores), Percent(other.Cores / account.RedisCores));
        }

        return table.ToString();
    }

    private static string GreatestAccount(ScaleInput input)
    {
        var table = new MarkdownTable("the greatest account that fits", "sockets", "dialogs at once", "operators' sockets on its list", "messages a second");
        Row("through the loop of its list, on each node", fleet => fleet.ListLoopCores);
        Row("through its Redis", fleet => fleet.RedisCores);
        return table.ToString();

        void Row(string name, Func<Fleet, double> coresOf)
        {
            var fleet = Greatest(input, asOneAccount: true, coresOf);
            table.Add(name, Whole(fleet.Sockets), Whole(fleet.Dialogs), Whole(fleet.Lists), Whole(fleet.Messages));
        }
    }

    private static Fleet Greatest(ScaleInput input, bool asOneAccount, Func<Fleet, double> coresOf)
    {
        var socketsPerNode = input.Assumed.SocketsPerNode[0];
        return new Fleet(input, Fleet.Greatest(input, socketsPerNode, asOneAccount, coresOf), socketsPerNode, asOneAccount);
    }

    private static string Sockets(Fleet fleet) => $"{Whole(fleet.Sockets)} on {Whole(fleet.Nodes)} nodes";

    private static string At(double[] sorted, double share)
        => sorted.Length == 0 ? Nothing : Invariant($"{sorted[(int)((sorted.Length - 1) * share)]:0.0} s");

    private static string Whole(double value) => value.ToString("#,0", CultureInfo.InvariantCulture);

    private static string Number(double value) => value.ToString("#,0.##", CultureInfo.InvariantCulture);

    private static string Percent(double share) => Invariant($"{100 * share:0.#} %");

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
