using System.Diagnostics;
using System.Text.RegularExpressions;
using ReplyX.Testing;
using YamlDotNet.RepresentationModel;

namespace ReplyX.AppHost.Tests.Observability;

/// <summary>The rules of Prometheus: that they are valid, that each alert fires and stays silent as it should, and what people are told to do.</summary>
public sealed partial class RulesTests
{
    private static readonly string _folder = Repository.File("observability", "prometheus");

    [Fact]
    public async Task The_rules_are_valid()
    {
        var (exitCode, output) = await Command.RunAsync(
            new ProcessStartInfo(RequiredTool.Path("promtool"), ["check", "rules", .. Directory.EnumerateFiles(Path.Combine(_folder, "rules"), "*.yml")]));

        Assert.True(exitCode == 0, output);
    }

    [Theory]
    [MemberData(nameof(TestFiles))]
    public async Task Alerts_fire_and_stay_silent_as_their_tests_say(string file)
    {
        var (exitCode, output) = await Command.RunAsync(
            new ProcessStartInfo(RequiredTool.Path("promtool"), ["test", "rules", file]) { WorkingDirectory = Path.Combine(_folder, "tests") }, 3 * TestTimeout.Default);

        Assert.True(exitCode == 0, output);
    }

    [Fact]
    public void Every_alert_is_tested_both_ways()
    {
        var tests = string.Join('\n', Directory.EnumerateFiles(Path.Combine(_folder, "tests"), "*.yml").Select(File.ReadAllText));

        Assert.All(Alerts().Select(alert => alert["alert"].ToString()).Distinct(), name =>
        {
            Assert.Matches($@"alertname: {name}[,\s][^}}]*?exp_alerts:\s*\[\]", tests);
            Assert.Matches($@"alertname: {name}\s+exp_alerts:\s+- exp_labels", tests);
        });
    }

    [Fact]
    public void Every_alert_says_how_bad_it_is_what_it_is_and_where_to_read_on()
    {
        Assert.All(Alerts(), alert =>
        {
            var name = alert["alert"].ToString();
            Assert.Contains(alert["labels"]["severity"].ToString(), (string[])["critical", "warning"]);
            Assert.NotEmpty(alert["annotations"]["summary"].ToString());
            Assert.NotEmpty(alert["annotations"]["description"].ToString());
            Assert.Equal($"@RUNBOOK_URL@#{name.ToLowerInvariant()}", alert["annotations"]["runbook_url"].ToString());
        });
    }

    [Fact]
    public void Every_alert_has_its_section_in_the_runbook_and_every_section_its_alert()
    {
        var sections = Section().Matches(File.ReadAllText(Repository.File("docs", "runbook.md"))).ToDictionary(match => match.Groups["name"].Value, match => match.Groups["text"].Value);

        Assert.Equal(Alerts().Select(alert => alert["alert"].ToString()).Distinct().Order(), sections.Keys.Order());
        Assert.All(sections, section => Assert.All(
            (string[])["**What visitors notice.**", "**Confirm.**", "**Do.**", "**Undo.**"],
            part => Assert.True(section.Value.Contains(part, StringComparison.Ordinal), $"{section.Key} lacks {part}")));
    }

    [Fact]
    public void What_Alertmanager_inhibits_are_alerts_that_there_are()
    {
        var template = File.ReadAllText(Repository.File("observability", "alertmanager", "alertmanager.yml.template"));
        var named = Inhibited().Matches(template).SelectMany(match => match.Groups[1].Value.Split('|')).Distinct().ToList();

        Assert.True(named.Count > 10);
        Assert.Subset(Alerts().Select(alert => alert["alert"].ToString()).ToHashSet(), named.ToHashSet());
    }

    public static TheoryData<string> TestFiles() => [.. Directory.EnumerateFiles(Path.Combine(_folder, "tests"), "*.yml").Select(file => Path.GetFileName(file)!)];

    private static List<YamlMappingNode> Alerts()
    {
        var yaml = new YamlStream();
        yaml.Load(new StringReader(File.ReadAllText(Path.Combine(_folder, "rules", "alerts.yml"))));
        return [.. ((YamlSequenceNode)yaml.Documents[0].RootNode["groups"]).SelectMany(group => (YamlSequenceNode)group["rules"]).Cast<YamlMappingNode>()];
    }

    [GeneratedRegex(@"^## (?<name>\w+)\n(?<text>(.*\n(?!## ))*)", RegexOptions.Multiline)]
    private static partial Regex Section();

    [GeneratedRegex("alertname=~?\"([A-Za-z|]+)\"")]
    private static partial Regex Inhibited();
}
