using System.Diagnostics;
using ReplyX.Testing;

namespace ReplyX.AppHost.Tests.Observability;

/// <summary>What start.sh makes of its settings, and what people get to read.</summary>
public sealed class AlertmanagerFilesTests
{
    private const string Webhook = "https://hooks.slack.example/services/a-secret&|\\";
    private const string Password = "a secret's password & more|";

    private static readonly string _folder = Repository.File("observability", "alertmanager");

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(true, true)]
    public async Task The_rendered_configuration_is_valid_and_has_no_secret_in_it(bool slack, bool mail)
    {
        var amtool = RequiredTool.Path("amtool");
        using var folder = new TempDirectory();
        Dictionary<string, string> settings = [];
        if (slack)
        {
            settings["SLACK_WEBHOOK_URL"] = Webhook;
            settings["SLACK_CHANNEL"] = "#on-call";
        }

        if (mail)
        {
            (settings["SMTP_HOST"], settings["SMTP_FROM"], settings["SMTP_TO"]) = ("mail.example:587", "a@replyx.example", "b@replyx.example, c@replyx.example");
            (settings["SMTP_USER"], settings["SMTP_PASSWORD"]) = ("o'hara", Password);
        }

        var (exitCode, output) = await StartAsync(folder, settings);

        Assert.True(exitCode == 0, output);
        var config = folder.File("data & more", "alertmanager.yml");
        var (valid, said) = await Command.RunAsync(new ProcessStartInfo(amtool, ["check-config", config]));
        Assert.True(valid == 0, said);
        var text = await File.ReadAllTextAsync(config, TestTimeout.Token());
        Assert.DoesNotContain("secret", text, StringComparison.Ordinal);
        Assert.DoesNotContain("@@", text, StringComparison.Ordinal);
        foreach (var (file, secret, isGiven) in ((string, string, bool)[])[("slack-webhook-url", Webhook, slack), ("smtp-password", Password, mail)])
        {
            var path = folder.File("data & more", file);
            Assert.Equal(isGiven, File.Exists(path));
            if (isGiven)
            {
                Assert.Equal(secret, await File.ReadAllTextAsync(path, TestTimeout.Token()));
                Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
            }
        }
    }

    [Fact]
    public async Task Secrets_may_come_from_files()
    {
        using var folder = new TempDirectory();
        await File.WriteAllTextAsync(folder.File("webhook"), Webhook + "\n", TestTimeout.Token());
        await File.WriteAllTextAsync(folder.File("password"), "none\n", TestTimeout.Token());
        Dictionary<string, string> settings = new() { ["SLACK_WEBHOOK_URL_FILE"] = folder.File("webhook"), ["SMTP_PASSWORD_FILE"] = folder.File("password") };

        var (exitCode, output) = await StartAsync(folder, settings);

        Assert.True(exitCode == 0, output);
        Assert.Equal(Webhook, await File.ReadAllTextAsync(folder.File("data & more", "slack-webhook-url"), TestTimeout.Token()));
        Assert.False(File.Exists(folder.File("data & more", "smtp-password")));
        settings["SMTP_PASSWORD_FILE"] = folder.File("missing");
        (exitCode, output) = await StartAsync(folder, settings);
        Assert.Equal(1, exitCode);
        Assert.Contains("start.sh: SMTP_PASSWORD_FILE: ", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("SLACK_WEBHOOK_URL", "hooks.slack.example", "SLACK_WEBHOOK_URL is no http or https URL")]
    [InlineData("SLACK_CHANNEL", "#on-call", "SLACK_WEBHOOK_URL is missing")]
    [InlineData("SMTP_TO", "b@replyx.example", "SMTP_HOST is missing")]
    [InlineData("SMTP_HOST", "mail.example", "SMTP_HOST has no port")]
    [InlineData("SMTP_HOST", "mail.example:25", "SMTP_FROM is missing")]
    [InlineData("GROUP_WAIT", "10", "GROUP_WAIT is no duration")]
    [InlineData("GROUP_INTERVAL", "1m; x", "GROUP_INTERVAL is no duration")]
    [InlineData("EXTERNAL_URL", "alerts.example", "EXTERNAL_URL is no http or https URL")]
    public async Task A_wrong_setting_is_one_line_and_exit_code_1(string name, string value, string expected)
    {
        using var folder = new TempDirectory();

        var (exitCode, output) = await StartAsync(folder, new() { [name] = value });

        Assert.Equal(1, exitCode);
        Assert.StartsWith("start.sh: ", output, StringComparison.Ordinal);
        Assert.Contains(expected, output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_examples_in_the_docs_are_what_the_templates_make()
    {
        RequiredTool.Path("amtool");

        var (exitCode, output) = await Command.RunAsync(new ProcessStartInfo(RequiredTool.Path("bash"), [Path.Combine(_folder, "render-examples.sh"), "--check"]));

        Assert.True(exitCode == 0, output);
    }

    /// <summary>Runs start.sh with an alertmanager that only prints its arguments.</summary>
    private static async Task<(int ExitCode, string Output)> StartAsync(TempDirectory folder, Dictionary<string, string> settings)
    {
        var bin = Directory.CreateDirectory(folder.File("bin")).FullName;
        await File.WriteAllTextAsync(Path.Combine(bin, "alertmanager"), "#!/bin/sh\necho \"$@\"\n", TestTimeout.Token());
        File.SetUnixFileMode(Path.Combine(bin, "alertmanager"), UnixFileMode.UserRead | UnixFileMode.UserExecute);
        var start = new ProcessStartInfo("/bin/sh", [Path.Combine(_folder, "start.sh")]);
        (start.Environment["PATH"], start.Environment["DATA_DIR"]) = ($"{bin}:/usr/bin:/bin", folder.File("data & more"));
        foreach (var (name, value) in settings)
        {
            start.Environment[name] = value;
        }

        return await Command.RunAsync(start);
    }
}
