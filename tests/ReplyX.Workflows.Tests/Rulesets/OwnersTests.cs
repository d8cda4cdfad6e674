using ReplyX.Testing;

namespace ReplyX.Workflows.Tests.Rulesets;

/// <summary>CODEOWNERS and the ruleset: who approves what.</summary>
public sealed class OwnersTests
{
    private static readonly (string Pattern, string[] Owners)[] _lines =
    [
        .. File.ReadLines(Repository.File(".github", "CODEOWNERS"))
            .Where(line => line.Length > 0 && line[0] != '#')
            .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Select(words => (words[0], words[1..])),
    ];

    [Fact]
    public void Each_line_is_of_something_that_is_there_and_of_a_team()
    {
        Assert.Equal("*", _lines[0].Pattern);
        Assert.All(_lines.Skip(1), line =>
        {
            // Whole folders from the root only: of those everybody sees what they match.
            Assert.Matches("^/.+/$", line.Pattern);
            Assert.True(Directory.Exists(Repository.File(line.Pattern.Trim('/'))), $"{line.Pattern} is not there");
        });
        Assert.All(_lines, line => Assert.All(line.Owners, owner => Assert.Matches("^@[a-z-]+/[a-z-]+$", owner)));
        Assert.All(_lines, line => Assert.NotEmpty(line.Owners));
    }

    [Fact]
    public void What_the_ruleset_leaves_to_the_realtime_team_is_its_own()
    {
        // GitHub matches with fnmatch and FNM_PATHNAME: only this form is all of a folder.
        Assert.All(MainRuleset.RealtimePatterns, pattern => Assert.Matches(@"^[\w./-]+/\*\*/\*$", pattern));
        var folders = MainRuleset.RealtimePatterns.Select(pattern => $"/{pattern[..^"**/*".Length]}").ToList();
        Assert.All(folders, folder => Assert.Contains(_lines, line => line.Pattern == folder && line.Owners.Any(owner => owner.EndsWith("/realtime", StringComparison.Ordinal))));

        // What the sockets' server and the log are made of is among it.
        Assert.Contains("/ReplyX.Realtime/", folders);
        Assert.Contains("/ReplyX.Messaging/", folders);
    }

    [Fact]
    public void Main_is_changed_by_reviewed_pull_requests_alone_and_nobody_is_above_that()
    {
        var review = MainRuleset.Rule("pull_request");
        Assert.True(review.GetProperty("require_code_owner_review").GetBoolean());
        Assert.True(review.GetProperty("required_approving_review_count").GetInt32() >= 1);
        Assert.Equal(2, review.GetProperty("required_reviewers")[0].GetProperty("minimum_approvals").GetInt32());
        Assert.True(MainRuleset.Rule("required_status_checks").GetProperty("strict_required_status_checks_policy").GetBoolean());
        Assert.Equal(0, MainRuleset.Root.GetProperty("bypass_actors").GetArrayLength());
        Assert.Equal("active", MainRuleset.Root.GetProperty("enforcement").GetString());
        Assert.Equal("refs/heads/main", MainRuleset.Root.GetProperty("conditions").GetProperty("ref_name").GetProperty("include")[0].GetString());
        Assert.Superset(
            new HashSet<string?> { "deletion", "non_fast_forward" },
            MainRuleset.Root.GetProperty("rules").EnumerateArray().Select(rule => rule.GetProperty("type").GetString()).ToHashSet());
    }
}
