using System.Text;
using ReplyX.Samples.Replay;
using ReplyX.Samples.Replay.Conversations;

namespace ReplyX.Client.Tests.Samples;

public sealed class ConversationTests
{
    private const string Header = """{"conversation":"x","mode":"widget","language":"en","about":"y"}""";

    private static readonly IReadOnlyList<Conversation> _all =
        ConversationReader.ReadFolder(Path.Combine(AppContext.BaseDirectory, "conversations"));

    private static IEnumerable<string> Texts => _all.SelectMany(c => c.Lines).Select(l => l.Text).OfType<string>();

    [Fact]
    public void There_Are_A_Dozen_Of_Both_Kinds()
    {
        Assert.True(_all.Count >= 12);
        Assert.True(_all.Select(c => c.Channel).Distinct().Count() == 2);
        Assert.Equal(_all.Count, _all.Select(c => c.Name).Distinct().Count());
        Assert.Superset(new HashSet<string> { "ru", "en", "ar", "he", "mul" }, _all.Select(c => c.Language).ToHashSet());
    }

    [Fact]
    public void They_Hold_The_Texts_That_Get_Lost()
    {
        Assert.True(Texts.Count(t => t.Length == 8000) >= 3);
        Assert.Contains(Texts, t => t.Length == 8000 && Ascii.IsValid(t));
        Assert.Contains(Texts, t => t.Length == 8000 && t.EnumerateRunes().Count(r => !r.IsBmp) > 3000);
        Assert.Contains(Texts, t => t.Length == 1);
        Assert.Contains(Texts, t => !IsNormalized(t, "e\u0301"));
        foreach (var lost in new[] { "\u200d", "\u200b", "\u202e", "\u2066", "\ufeff", "\u2028", "\0", "\r\n", "<script>", "🏾", "\ufe0f", "DROP TABLE", "__ping__" })
        {
            Assert.Contains(Texts, t => t.Contains(lost, StringComparison.Ordinal));
        }

        static bool IsNormalized(string text, string decomposed) => !text.Contains(decomposed, StringComparison.Ordinal);
    }

    [Fact]
    public void They_Hold_A_Burst_Of_Fifty()
        => Assert.Contains(_all, c => Longest(c) >= 50);

    [Theory]
    [InlineData("""{"from":"visitor"}""", "a text or a handoff")]
    [InlineData("""{"from":"visitor","text":"a","handoff":"request"}""", "a text or a handoff")]
    [InlineData("""{"from":"nobody","text":"a"}""", "nobody is called nobody")]
    [InlineData("""{"from":"visitor","text":" "}""", "white space")]
    [InlineData("""{"from":"visitor","text":"a","after":5}""", "after")]
    [InlineData("""{"from":"visitor","text":"a","after_ms":-1}""", "at least 0")]
    [InlineData("""{"from":"operator","handoff":"takeover"}""", "no Takeover by Operator while None")]
    [InlineData("""{"from":"visitor","handoff":"takeover"}""", "no Takeover by Visitor")]
    [InlineData("not json", "x.jsonl:2")]
    public void A_Line_That_Cannot_Be_Played_Is_Named(string line, string what)
    {
        var thrown = Assert.Throws<ConversationFormatException>(() => ConversationReader.Read("x.jsonl", $"{Header}\n{line}\n"));

        Assert.Contains(what, thrown.Message, StringComparison.Ordinal);
        Assert.StartsWith("x.jsonl:2: ", thrown.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_Assistant_Is_Silent_While_An_Operator_Has_The_Dialog()
    {
        var thrown = Assert.Throws<ConversationFormatException>(() => ConversationReader.Read("x.jsonl", string.Join('\n',
            Header,
            """{"from":"visitor","handoff":"request"}""",
            """{"from":"assistant","text":"still me"}""",
            """{"from":"operator","handoff":"takeover"}""",
            """{"from":"assistant","text":"still me"}""")));

        Assert.StartsWith("x.jsonl:5: ", thrown.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_Command_Line_Is_Read_Or_Refused()
    {
        var (options, _) = ReplayCommandLine.Read(
            ["--api", "https://x.example", "--speed", "2.5", "--repeat", "3", "--seed", "7", "--operator", "a", "--operator", "b", "--password", "secret"]);
        Assert.Equal((new Uri("https://x.example"), 2.5, 3, 7, "secret"), (options!.Api, options.Speed, options.Repeat, options.Seed, options.Password));
        Assert.Equal(["a", "b"], options.Operators);
        Assert.Equal(double.PositiveInfinity, ReplayCommandLine.Read(["--speed", "max", "--password", "p"]).Options!.Speed);

        foreach (string[] wrong in new[] { new[] { "--speed", "0" }, ["--speed"], ["--nonsense", "1"], ["--api", "localhost"], ["--repeat", "-1"] })
        {
            var (none, problem) = ReplayCommandLine.Read([.. wrong, .. wrong.Length == 2 ? new[] { "--password", "secret" } : []]);
            Assert.Null(none);
            Assert.DoesNotContain("secret", problem, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("""{"Parameters:operator-password":"flat"}""", "flat")]
    [InlineData("""{"Parameters":{"operator-password":"nested",},}""", "nested")]
    [InlineData("""{"Parameters":{"other":"x"}}""", null)]
    [InlineData("""{"Parameters":""}""", null)]
    [InlineData("{", null)]
    public void The_Password_Of_The_AppHost_Is_Found_In_Its_User_Secrets(string secrets, string? expected)
    {
        var file = Path.GetTempFileName();
        try
        {
            File.WriteAllText(file, secrets);
            Assert.Equal(expected, OperatorPassword.FromUserSecrets(file));
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static int Longest(Conversation conversation)
    {
        int longest = 0, run = 0;
        foreach (var line in conversation.Lines)
        {
            run = line.After == TimeSpan.Zero ? run + 1 : 0;
            longest = Math.Max(longest, run);
        }

        return longest;
    }
}
