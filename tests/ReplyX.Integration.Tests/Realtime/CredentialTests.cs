using System.Text.Json;
using ReplyX.Integration.Tests.Hosting;
using ReplyX.Messaging.Accounts;
using ReplyX.Messaging.Dialogs;
using ReplyX.Testing;

namespace ReplyX.Integration.Tests.Realtime;

/// <summary>What is taken back reaches live sockets.</summary>
public sealed class CredentialTests : NodeTest
{
    private const string ChangesKey = "replyx:{credentials}:changes";

    [Fact]
    public async Task A_rotated_site_token_closes_the_sockets_that_came_by_it_and_no_others()
    {
        var (site, siteToken) = await Node.OpenDialogAsync(DialogMode.Site);
        var (widget, widgetToken) = await Node.OpenDialogAsync();
        await using var bySite = (await TestSocket.OpenAsync(Node.Url, $"/ws/site/dialogs/{site.DialogId}", siteToken)).Socket;
        await using var byWidget = (await TestSocket.OpenAsync(Node.Url, $"/ws/widget/dialogs/{widget.DialogId}", widgetToken)).Socket;
        await using var person = (await TestSocket.OpenAsync(Node.Url, "/ws/dialogs", Node.OperatorToken())).Socket;

        await Node.Accounts.RotateSiteTokenAsync("acme", "shop", Actor.Platform, TestTimeout.Token());

        Assert.Equal(4002, await bySite.ReceiveCloseAsync());
        await AssertAliveAsync(byWidget);
        await AssertAliveAsync(person);
        await using var again = await TestSocket.ConnectAsync(Node.Url, $"/ws/site/dialogs/{site.DialogId}", siteToken);
        Assert.Equal(4002, await again.ReceiveCloseAsync());
    }

    [Fact]
    public async Task A_removed_operator_is_closed_and_stays_out()
    {
        await Node.Accounts.SaveOperatorAsync(new Operator("acme", "boris", "boris@acme", "Boris", ""), "secret", TestTimeout.Token());
        var token = Node.Tokens.Issue(new Messaging.Tokens.OperatorClaims("acme", "boris", "Boris")).Token;
        await using var boris = (await TestSocket.OpenAsync(Node.Url, "/ws/dialogs", token)).Socket;
        await using var anna = (await TestSocket.OpenAsync(Node.Url, "/ws/dialogs", Node.OperatorToken())).Socket;

        await Node.Accounts.RemoveOperatorAsync("acme", "boris", Actor.Platform, TestTimeout.Token());

        Assert.Equal(4002, await boris.ReceiveCloseAsync());
        await AssertAliveAsync(anna);
        await using var again = await TestSocket.ConnectAsync(Node.Url, "/ws/dialogs", token);
        Assert.Equal(4002, await again.ReceiveCloseAsync());
    }

    [Theory]
    [InlineData("everywhere")]
    [InlineData("password")]
    [InlineData("role")]
    [InlineData("key")]
    public async Task What_makes_an_operator_s_tokens_void_closes_their_sockets_and_no_others(string what)
    {
        var owner = new Actor("olga", "Olga");
        await Node.Accounts.SaveOperatorAsync(new Operator("acme", "olga", "olga@acme", "Olga", "", OperatorRole.Owner), "secret", TestTimeout.Token());
        var person = what == "key"
            ? (await Node.Accounts.CreateBotAsync("acme", "Robot", owner, TestTimeout.Token())).Value!.Operator
            : await AddAsync("boris");
        var (dialog, visitor) = await Node.OpenDialogAsync();
        var token = Token(person);
        await using var list = (await TestSocket.OpenAsync(Node.Url, "/ws/dialogs", token)).Socket;
        await using var one = (await TestSocket.OpenAsync(Node.Url, $"/ws/dialogs/{dialog.DialogId}", token)).Socket;
        await using var colleague = (await TestSocket.OpenAsync(Node.Url, "/ws/dialogs", Node.OperatorToken())).Socket;
        await using var guest = (await TestSocket.OpenAsync(Node.Url, $"/ws/widget/dialogs/{dialog.DialogId}", visitor)).Socket;

        switch (what)
        {
            case "everywhere":
                Assert.Equal(AccountOutcome.Done, await Node.Accounts.SignOutEverywhereAsync(person, TestTimeout.Token()));
                break;
            case "password":
                Assert.True((await Node.Accounts.ChangePasswordAsync(person, "another hash", "a browser", TestTimeout.Token())).IsDone);
                break;
            case "role":
                Assert.True((await Node.Accounts.ChangeOperatorAsync("acme", person.Id, null, OperatorRole.Owner, owner, TestTimeout.Token())).IsDone);
                break;
            case "key":
                Assert.True((await Node.Accounts.ReplaceKeyAsync("acme", person.Id, owner, TestTimeout.Token())).IsDone);
                break;
        }

        // Who still exists may ask for a fresh token, which the Api gives or refuses.
        Assert.Equal(4001, await list.ReceiveCloseAsync());
        Assert.Equal(4001, await one.ReceiveCloseAsync());
        await AssertAliveAsync(colleague);
        await AssertAliveAsync(guest);
        await using var again = await TestSocket.ConnectAsync(Node.Url, "/ws/dialogs", token);
        Assert.Equal(4001, await again.ReceiveCloseAsync());
        var now = (await Node.Accounts.FindOperatorAsync("acme", person.Id, TestTimeout.Token()))!;
        await using var fresh = (await TestSocket.OpenAsync(Node.Url, "/ws/dialogs", Token(now))).Socket;
        await AssertAliveAsync(fresh);

        // The token of before is none to go on with either.
        await fresh.SendAsync(JsonSerializer.Serialize(new { type = "refresh", token }));
        Assert.Equal("bad_token", (await fresh.ReceiveAsync()).GetProperty("code").GetString());
    }

    [Fact]
    public async Task A_deleted_site_closes_its_visitors_however_they_came()
    {
        var (site, siteToken) = await Node.OpenDialogAsync(DialogMode.Site);
        var (widget, widgetToken) = await Node.OpenDialogAsync();
        await using var bySite = (await TestSocket.OpenAsync(Node.Url, $"/ws/site/dialogs/{site.DialogId}", siteToken)).Socket;
        await using var byWidget = (await TestSocket.OpenAsync(Node.Url, $"/ws/widget/dialogs/{widget.DialogId}", widgetToken)).Socket;
        await using var person = (await TestSocket.OpenAsync(Node.Url, $"/ws/dialogs/{widget.DialogId}", Node.OperatorToken())).Socket;

        Assert.Equal(AccountOutcome.Done, await Node.Accounts.DeleteSiteAsync("acme", "shop", Actor.Platform, TestTimeout.Token()));

        Assert.Equal(4002, await bySite.ReceiveCloseAsync());
        Assert.Equal(4002, await byWidget.ReceiveCloseAsync());
        await AssertAliveAsync(person);
        await using var again = await TestSocket.ConnectAsync(Node.Url, $"/ws/widget/dialogs/{widget.DialogId}", widgetToken);
        Assert.Equal(4002, await again.ReceiveCloseAsync());
    }

    [Fact]
    public async Task A_change_whose_publish_was_lost_is_found_by_its_version()
    {
        await using var person = (await TestSocket.OpenAsync(Node.Url, "/ws/dialogs", Node.OperatorToken())).Socket;
        using var redis = await StackExchange.Redis.ConnectionMultiplexer.ConnectAsync(Redis.ConnectionString);

        // All that a removal does, but for the publish.
        await redis.GetDatabase().HashDeleteAsync("{acme}:operators", "anna");
        await redis.GetDatabase().SortedSetAddAsync(ChangesKey, "acme", 1);

        Assert.Equal(4002, await person.ReceiveCloseAsync());
    }

    [Fact]
    public async Task A_node_looks_only_at_the_sockets_of_the_account_that_changed()
    {
        await Node.Accounts.SaveOperatorAsync(new Operator("other", "boris", "boris@other", "Boris", ""), "secret", TestTimeout.Token());
        var token = Node.Tokens.Issue(new Messaging.Tokens.OperatorClaims("other", "boris", "Boris")).Token;
        var (site, siteToken) = await Node.OpenDialogAsync(DialogMode.Site);
        await using var anna = (await TestSocket.OpenAsync(Node.Url, "/ws/dialogs", Node.OperatorToken())).Socket;
        await using var bySite = (await TestSocket.OpenAsync(Node.Url, $"/ws/site/dialogs/{site.DialogId}", siteToken)).Socket;
        await using var boris = (await TestSocket.OpenAsync(Node.Url, "/ws/dialogs", token)).Socket;
        await using var monitor = await RedisMonitor.StartAsync(Redis);

        Assert.Equal(AccountOutcome.NotFound, await Node.Accounts.RemoveOperatorAsync("acme", "nobody", Actor.Platform, TestTimeout.Token()));
        Assert.Equal(AccountOutcome.Done, await Node.Accounts.RemoveOperatorAsync("other", "boris", Actor.Platform, TestTimeout.Token()));

        // Whatever the first of the two set off, the node has done when it has acted on the second.
        Assert.Equal(4002, await boris.ReceiveCloseAsync());
        var commands = await monitor.StopAsync();
        Assert.Contains(commands, command => command.Contains("\"{other}:operators\" \"boris\"", StringComparison.Ordinal));
        Assert.DoesNotContain(commands, command => command.Contains("\"{acme}:operators\" \"anna\"", StringComparison.Ordinal));
        Assert.DoesNotContain(commands, command => command.Contains("\"{acme}:sites\"", StringComparison.Ordinal));
        await AssertAliveAsync(anna);
        await AssertAliveAsync(bySite);
    }

    [Fact]
    public async Task A_removal_that_was_cut_off_before_it_was_told_is_told_without_a_retry()
    {
        await using var person = (await TestSocket.OpenAsync(Node.Url, "/ws/dialogs", Node.OperatorToken())).Socket;
        using var redis = await StackExchange.Redis.ConnectionMultiplexer.ConnectAsync(Redis.ConnectionString);

        // Of another type, so that whoever tells of a change fails there, after the operator is gone.
        await redis.GetDatabase().HashSetAsync(ChangesKey, "in", "the way");
        await Assert.ThrowsAnyAsync<Exception>(() => Node.Accounts.RemoveOperatorAsync("acme", "anna", Actor.Platform, TestTimeout.Token()));
        Assert.Null(await Node.Accounts.FindOperatorAsync("acme", "anna", TestTimeout.Token()));
        await redis.GetDatabase().KeyDeleteAsync(ChangesKey);

        Assert.Equal(4002, await person.ReceiveCloseAsync());
    }

    [Fact]
    public async Task A_refresh_takes_no_other_subjects_token()
    {
        var (dialog, token) = await Node.OpenDialogAsync();
        var (_, other) = await Node.OpenDialogAsync();
        await using var socket = (await TestSocket.OpenAsync(Node.Url, $"/ws/widget/dialogs/{dialog.DialogId}", token)).Socket;

        foreach (var bad in (string[])[other, Node.OperatorToken(), Node.DialogToken(dialog, DialogMode.Widget, "somebody else")])
        {
            await socket.SendAsync(JsonSerializer.Serialize(new { type = "refresh", token = bad }));
            Assert.Equal("bad_token", (await socket.ReceiveAsync()).GetProperty("code").GetString());
        }
    }

    private async Task<Operator> AddAsync(string id)
    {
        await Node.Accounts.SaveOperatorAsync(new Operator("acme", id, $"{id}@acme", id, ""), "secret", TestTimeout.Token());
        return (await Node.Accounts.FindOperatorAsync("acme", id, TestTimeout.Token()))!;
    }

    private string Token(Operator person) => Node.Tokens.Issue(
        new Messaging.Tokens.OperatorClaims("acme", person.Id, person.Name, Generation: person.Generation)).Token;

    private static async Task AssertAliveAsync(TestSocket socket)
    {
        await socket.SendAsync("__ping__");
        Assert.Equal("__pong__", await socket.ReceiveTextAsync());
    }
}
