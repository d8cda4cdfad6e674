using System.Text.Json;
using ReplyX.Testing;

namespace ReplyX.Integration.Tests.Scripts;

/// <summary>Who is told of the health check's verdict, and when.</summary>
public sealed class NotifyHealthScriptTests
{
    public NotifyHealthScriptTests() => Script.RequireTools();

    [Theory]
    [InlineData("success", "failure", "fails")]
    [InlineData("", "failure", "fails")]
    [InlineData("untold", "failure", "fails")]
    [InlineData("failure", "failure", null)]
    [InlineData("failure", "success", "is well again")]
    [InlineData("untold", "success", "is well again")]
    [InlineData("success", "success", null)]
    [InlineData("", "success", null)]
    public async Task People_are_told_of_a_change_and_of_nothing_else(string previous, string current, string? expected)
    {
        await using var slack = await SlackWebhook.StartAsync();
        await using var mail = new MailServer();

        var (code, output) = await NotifyAsync(
            previous, current, "failed   report   a <b> & \"c\"\n.\nпривет", ("SLACK_WEBHOOK_URL", slack.Url), ("SMTP_URL", mail.Url),
            ("MAIL_FROM", "health@replyx.example"), ("MAIL_TO", "anna@replyx.example, boris@replyx.example"), ("RUN_URL", "https://ci.example/1"));

        Assert.Equal(0, code);
        Assert.DoesNotContain(SlackWebhook.Secret, output, StringComparison.Ordinal);
        if (expected is null)
        {
            Assert.StartsWith("Nothing to tell", output, StringComparison.Ordinal);
            Assert.Empty(slack.Messages);
            Assert.Empty(mail.Messages);
            return;
        }

        var text = JsonDocument.Parse(Assert.Single(slack.Messages)).RootElement.GetProperty("text").GetString()!;
        Assert.Contains($"{expected}: https://replyx.example", text, StringComparison.Ordinal);
        Assert.Contains("a &lt;b&gt; &amp; \"c\"\n.\nпривет", text, StringComparison.Ordinal);
        var (recipients, message) = Assert.Single(mail.Messages);
        Assert.Equal(["<anna@replyx.example>", "<boris@replyx.example>"], recipients);
        Assert.Contains($"Subject: ReplyX: the WebSocket health check {expected}: https://replyx.example\r\n", message, StringComparison.Ordinal);
        Assert.Contains("\r\n\r\n", message, StringComparison.Ordinal);

        // A line that is a full stop would end the mail, so that SMTP doubles it.
        Assert.Contains("a <b> & \"c\"\r\n..\r\nпривет\r\n", message, StringComparison.Ordinal);
        Assert.Contains("https://ci.example/1\r\n", message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_way_that_fails_does_not_stop_the_other_and_is_told_by_the_exit_code()
    {
        await using var slack = await SlackWebhook.StartAsync(status: 500);
        await using var mail = new MailServer();

        var (code, output) = await NotifyAsync(
            "success", "failure", "", ("SLACK_WEBHOOK_URL", slack.Url), ("SMTP_URL", mail.Url), ("MAIL_FROM", "a@replyx.example"), ("MAIL_TO", "b@replyx.example"));

        Assert.Equal(1, code);
        Assert.Contains("Slack was not told: it answered 500", output, StringComparison.Ordinal);
        Assert.DoesNotContain(SlackWebhook.Secret, output, StringComparison.Ordinal);
        Assert.Single(mail.Messages);
    }

    [Fact]
    public async Task A_password_is_not_sent_in_clear()
    {
        await using var mail = new MailServer();

        var (code, output) = await NotifyAsync(
            "success", "failure", "", ("SMTP_URL", mail.Url), ("MAIL_FROM", "a@replyx.example"), ("MAIL_TO", "b@replyx.example"),
            ("SMTP_USER", "health"), ("SMTP_PASSWORD", "a-password-of-mail"));

        Assert.Equal(1, code);
        Assert.Contains("No mail was sent", output, StringComparison.Ordinal);
        Assert.DoesNotContain("a-password-of-mail", output, StringComparison.Ordinal);
        Assert.DoesNotContain(mail.Commands, command => command.StartsWith("AUTH", StringComparison.Ordinal));
        Assert.Empty(mail.Messages);
    }

    [Fact]
    public async Task The_webhook_stands_in_no_list_of_processes()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "the list of processes is read from /proc");
        await using var slack = await SlackWebhook.StartAsync();

        var (code, _) = await NotifyAsync("success", "failure", "", ("SLACK_WEBHOOK_URL", slack.Url));

        Assert.Equal(0, code);
        Assert.Single(slack.Messages);
        Assert.False(slack.WasSeen);
    }

    [Fact]
    public async Task Nobody_to_tell_is_no_failure()
    {
        var (code, output) = await NotifyAsync("success", "failure", "");

        Assert.Equal(0, code);
        Assert.Contains("nobody to tell it to", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("success")]
    [InlineData("success", "fine")]
    [InlineData("cancelled", "failure")]
    public async Task Notify_refuses_verdicts_that_it_does_not_know(params string[] arguments)
    {
        var (code, _) = await Script.RunAsync("notify-health.sh", arguments, []);

        Assert.Equal(64, code);
    }

    private static Task<(int ExitCode, string Output)> NotifyAsync(
        string previous, string current, string summary, params (string Name, string Value)[] environment) =>
        Script.RunAsync("notify-health.sh", [previous, current], [("HEALTH_URL", "https://replyx.example"), .. environment], summary);
}
