using System.Globalization;
using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using ReplyX.Messaging.Accounts;
using ReplyX.Messaging.Assistants;
using ReplyX.Messaging.Redis;
using ReplyX.Testing;
using StackExchange.Redis;

namespace ReplyX.Messaging.Tests.Accounts;

/// <summary>What two do to an account at once, on both servers.</summary>
public sealed class AccountRaceTests : MessagingTest
{
    private const int Rounds = 20;

    [Theory, MemberData(nameof(Servers))]
    public async Task Of_those_who_accept_one_invitation_one_joins(RedisKind kind)
    {
        var (first, second) = await StartTwoAsync(kind);
        for (var round = 0; round < Rounds; round++)
        {
            var account = $"a{round}";
            var invitation = await InviteAsync(first, account);

            // The even rounds race for one login as well.
            var joined = await Task.WhenAll(Enumerable.Range(0, 6).Select(i => Invitations(i % 2 == 0 ? first : second).AcceptAsync(
                invitation, Joining(round % 2 == 0 ? $"x@{account}" : $"x{i}@{account}"))));

            var winner = Assert.Single(joined, result => result.IsDone).Value!;
            Assert.All(joined.Where(result => !result.IsDone), result => Assert.Equal(AccountOutcome.NotFound, result.Outcome));
            Assert.Equal(winner, Assert.Single(await first.Accounts.ListOperatorsAsync(account, TestTimeout.Token())));
            Assert.Equal(winner, await first.Accounts.FindOperatorByLoginAsync(winner.Login, TestTimeout.Token()));

            // What the others wanted to be called is free.
            if (round % 2 == 1)
            {
                var again = await Invitations(second).AcceptAsync(
                    await InviteAsync(second, account),
                    Joining(Enumerable.Range(0, 6).Select(i => $"x{i}@{account}").First(login => login != winner.Login)));
                Assert.True(again.IsDone);
            }
        }
    }

    [Theory, MemberData(nameof(Servers))]
    public async Task Of_those_who_want_one_login_by_several_invitations_one_gets_it(RedisKind kind)
    {
        var (first, second) = await StartTwoAsync(kind);
        for (var round = 0; round < Rounds; round++)
        {
            var one = await InviteAsync(first, $"a{round}");
            var other = await InviteAsync(first, $"b{round}");

            var joined = await Task.WhenAll(
                Invitations(first).AcceptAsync(one, Joining($"x@{round}")),
                Invitations(second).AcceptAsync(other, Joining($"x@{round}")));

            var winner = Assert.Single(joined, result => result.IsDone).Value!;
            Assert.Equal(AccountOutcome.LoginTaken, joined.Single(result => !result.IsDone).Outcome);
            Assert.Equal(winner, await first.Accounts.FindOperatorByLoginAsync($"x@{round}", TestTimeout.Token()));
        }
    }

    [Theory, MemberData(nameof(Servers))]
    public async Task Of_two_owners_who_demote_each_other_one_stays_an_owner(RedisKind kind)
    {
        var (first, second) = await StartTwoAsync(kind);
        for (var round = 0; round < Rounds; round++)
        {
            var account = $"a{round}";
            await AddOwnerAsync(first, account, "anna");
            await AddOwnerAsync(first, account, "boris");

            var changed = await Task.WhenAll(
                first.Accounts.ChangeOperatorAsync(account, "boris", null, OperatorRole.Operator, By("anna"), TestTimeout.Token()),
                second.Accounts.ChangeOperatorAsync(account, "anna", null, OperatorRole.Operator, By("boris"), TestTimeout.Token()));

            Assert.Single(changed, result => result.IsDone);

            // Who comes second is no owner any more, or, demoted between two reads, sees that nobody else would be left.
            Assert.Contains(changed.Single(result => !result.IsDone).Outcome, (AccountOutcome[])[AccountOutcome.ActorNotOwner, AccountOutcome.LastOwner]);
            Assert.Single(await OwnersAsync(first, account));
        }
    }

    [Theory, MemberData(nameof(Servers))]
    public async Task Owners_who_all_step_down_at_once_leave_one(RedisKind kind)
    {
        var (first, second) = await StartTwoAsync(kind);
        for (var round = 0; round < Rounds; round++)
        {
            var account = $"a{round}";
            string[] owners = ["anna", "boris", "clara"];
            foreach (var owner in owners)
            {
                await AddOwnerAsync(first, account, owner);
            }

            var changed = await Task.WhenAll(owners.Select((owner, i) => (i % 2 == 0 ? first : second).Accounts.ChangeOperatorAsync(
                account, owner, null, OperatorRole.Operator, By(owner), TestTimeout.Token())));

            Assert.Equal(AccountOutcome.LastOwner, Assert.Single(changed, result => !result.IsDone).Outcome);
            Assert.Single(await OwnersAsync(first, account));
        }
    }

    [Theory, MemberData(nameof(Servers))]
    public async Task A_session_that_is_used_while_all_are_ended_does_not_come_back(RedisKind kind)
    {
        var (first, second) = await StartTwoAsync(kind);
        await AddOwnerAsync(first, "acme", "anna");
        for (var round = 0; round < Rounds; round++)
        {
            var anna = (await first.Accounts.FindOperatorAsync("acme", "anna", TestTimeout.Token()))!;
            var secret = await Sessions(first).BeginAsync(anna, "browser", TestTimeout.Token());

            // Without a pause until it has ended, so that some are between their reading and their writing when it ends.
            var ending = second.Accounts.SignOutEverywhereAsync(anna, TestTimeout.Token());
            await Task.WhenAll(
            [
                ending,
                .. Enumerable.Range(0, 8).Select(i => UntilAsync(ending, () => Sessions(i % 2 == 0 ? first : second).UseAsync(secret, TestTimeout.Token()))),
                UntilAsync(ending, () => Sessions(first).BeginAsync(anna, "program", TestTimeout.Token())),
            ]);

            Assert.Empty(await Sessions(first).ListAsync("acme", "anna", TestTimeout.Token()));
            Assert.Null(await Sessions(first).UseAsync(secret, TestTimeout.Token()));
        }
    }

    [Theory, MemberData(nameof(Servers))]
    public async Task Changes_of_one_site_at_once_all_count(RedisKind kind)
    {
        var (first, second) = await StartTwoAsync(kind);
        await AddOwnerAsync(first, "acme", "anna");
        var site = (await first.Accounts.CreateSiteAsync("acme", draft => draft with { Name = "Shop" }, By("anna"), TestTimeout.Token())).Value!;

        await Task.WhenAll(Enumerable.Range(0, 10).Select(i => (i % 2 == 0 ? first : second).Accounts.ChangeSiteAsync(
            "acme", site.Id, now => now with { Origins = [.. now.Origins, $"https://{i}.example"] }, By("anna"), TestTimeout.Token())));

        Assert.Equal(10, (await first.Accounts.FindSiteAsync("acme", site.Id, TestTimeout.Token()))!.Origins.Count);
        var log = await first.Services.GetRequiredService<AuditLog>().ReadAsync("acme", null, 100, TestTimeout.Token());
        Assert.Equal(11, log!.Items.Count);
    }

    [Theory, MemberData(nameof(Servers))]
    public async Task However_many_are_made_at_once_there_are_no_more_than_the_limit(RedisKind kind)
    {
        const int Beyond = 5;
        var (first, second) = await StartTwoAsync(kind);
        await AddOwnerAsync(first, "acme", "anna");
        for (var i = 0; i < InvitationBook.MostInvitations - 1; i++)
        {
            await InviteAsync(first, "acme");
        }

        var made = await Task.WhenAll(Enumerable.Range(0, 1 + Beyond).Select(i => Invitations(i % 2 == 0 ? first : second).CreateAsync(
            "acme", null, null, OperatorRole.Operator, Actor.Platform, TestTimeout.Token())));

        Assert.Single(made, invitation => invitation.IsDone);
        Assert.Equal(Beyond, made.Count(invitation => invitation.Outcome == AccountOutcome.LimitReached));
    }

    [Theory, MemberData(nameof(Servers))]
    public async Task A_login_that_an_acceptance_left_behind_is_free_when_its_invitation_is_over(RedisKind kind)
    {
        var time = new FakeTimeProvider(DateTimeOffset.UtcNow);
        var messaging = await StartAsync(kind, time);
        var left = await InviteAsync(messaging, "acme");
        await messaging.Database.HashSetAsync("replyx:logins", "x@acme", $"acme {left.Id}");
        Assert.Equal(AccountOutcome.LoginTaken, (await Invitations(messaging).AcceptAsync(await InviteAsync(messaging, "other"), Joining("x@acme"))).Outcome);

        time.Advance(InvitationBook.Lifetime);

        Assert.True((await Invitations(messaging).AcceptAsync(await InviteAsync(messaging, "other"), Joining("x@acme"))).IsDone);
    }

    [Theory, MemberData(nameof(Servers))]
    public async Task Who_is_no_owner_any_more_invites_nobody_with_what_they_left_behind(RedisKind kind)
    {
        var messaging = await StartAsync(kind);
        await AddOwnerAsync(messaging, "acme", "anna");
        await AddOwnerAsync(messaging, "acme", "mallory");
        var kept = (await Invitations(messaging).CreateAsync("acme", null, null, OperatorRole.Owner, new Actor("mallory", "Mallory"), TestTimeout.Token())).Value!;

        Assert.Equal(AccountOutcome.Done, await messaging.Accounts.RemoveOperatorAsync("acme", "mallory", new Actor("anna", "Anna"), TestTimeout.Token()));

        Assert.Equal(AccountOutcome.NotFound, (await Invitations(messaging).AcceptAsync(kept.Invitation, Joining("x@acme"))).Outcome);
        Assert.False(await messaging.Database.HashExistsAsync("replyx:logins", "x@acme"));
    }

    [Theory, MemberData(nameof(Servers))]
    public async Task Of_changes_of_an_assistant_at_once_none_is_lost_and_each_is_told(RedisKind kind)
    {
        const int Changes = 8;
        var (first, second) = await StartTwoAsync(kind);
        await AddOwnerAsync(first, "acme", "anna");
        await first.Accounts.SaveSiteAsync(MessagingHost.Site, TestTimeout.Token());
        var site = new AssistantSite("acme", MessagingHost.Site.Id);
        var anna = new Actor("anna", "Anna");

        await Task.WhenAll(Enumerable.Range(0, Changes).Select(i => ChangeAsync(i % 2 == 0 ? first : second)));

        Assert.Equal(
            AssistantSettings.None.TimeoutSeconds + Changes,
            (await Assistants(first).FindAsync(site, TestTimeout.Token()))!.TimeoutSeconds);
        var log = (await first.Services.GetRequiredService<AuditLog>().ReadAsync("acme", null, 100, TestTimeout.Token()))!;
        Assert.Equal(Changes, log.Items.Count(entry => entry.Action == "assistant.change"));

        // Nor by who manages nothing, nor of a site that is gone.
        await first.Accounts.SaveOperatorAsync(
            new Operator("acme", "boris", "boris@acme", "Boris", "", OperatorRole.Operator), "a password", TestTimeout.Token());
        anna = new Actor("boris", "Boris");
        Assert.Equal(AccountOutcome.ActorNotOwner, (await ChangeAsync(first)).Outcome);
        anna = new Actor("anna", "Anna");
        await first.Accounts.DeleteSiteAsync("acme", site.SiteId, anna, TestTimeout.Token());
        await Assistants(first).RemoveAsync(site, TestTimeout.Token());
        Assert.Equal(AccountOutcome.NotFound, (await ChangeAsync(first)).Outcome);
        Assert.Null(await Assistants(first).FindAsync(site, TestTimeout.Token()));

        Task<AccountResult<AssistantSettings>> ChangeAsync(MessagingHost messaging) => Assistants(messaging).ChangeAsync(
            site, now => now with { TimeoutSeconds = now.TimeoutSeconds + 1 }, (_, _) => [], AuditTarget.Of(MessagingHost.Site), anna, TestTimeout.Token());
    }

    [Theory, MemberData(nameof(Servers))]
    public async Task Sessions_slide_and_invitations_do_not(RedisKind kind)
    {
        var time = new FakeTimeProvider(DateTimeOffset.UtcNow);
        var messaging = await StartAsync(kind, time);
        await AddOwnerAsync(messaging, "acme", "anna");
        var anna = (await messaging.Accounts.FindOperatorAsync("acme", "anna", TestTimeout.Token()))!;
        var secret = await Sessions(messaging).BeginAsync(anna, "browser", TestTimeout.Token());
        var unused = await Sessions(messaging).BeginAsync(anna, "other", TestTimeout.Token());
        var invited = (await Invitations(messaging).CreateAsync("acme", "x@acme", null, OperatorRole.Operator, Actor.Platform, TestTimeout.Token())).Value!;

        time.Advance(TimeSpan.FromDays(6));
        Assert.NotNull(await Invitations(messaging).FindAsync(invited.Secret, TestTimeout.Token()));
        Assert.NotNull(await Invitations(messaging).FindAsync("acme", invited.Invitation.Id, "X@acme", TestTimeout.Token()));
        Assert.Null(await Invitations(messaging).FindAsync("acme", invited.Invitation.Id, "y@acme", TestTimeout.Token()));
        time.Advance(TimeSpan.FromDays(1));
        Assert.Null(await Invitations(messaging).FindAsync(invited.Secret, TestTimeout.Token()));
        Assert.Null(await Invitations(messaging).FindAsync("acme", invited.Invitation.Id, "x@acme", TestTimeout.Token()));
        Assert.Equal(AccountOutcome.NotFound, (await Invitations(messaging).AcceptAsync(invited.Invitation, Joining("x@acme"))).Outcome);
        Assert.Empty(await Invitations(messaging).ListAsync("acme", TestTimeout.Token()));
        Assert.False(await messaging.Database.HashExistsAsync("replyx:logins", "x@acme"));

        time.Advance(TimeSpan.FromDays(22));
        Assert.NotNull(await Sessions(messaging).UseAsync(secret, TestTimeout.Token()));
        time.Advance(TimeSpan.FromDays(29));
        Assert.NotNull(await Sessions(messaging).UseAsync(secret, TestTimeout.Token()));
        Assert.Null(await Sessions(messaging).UseAsync(unused, TestTimeout.Token()));
        time.Advance(TimeSpan.FromDays(30));
        Assert.Null(await Sessions(messaging).UseAsync(secret, TestTimeout.Token()));
    }

    [Theory, MemberData(nameof(Servers))]
    public async Task A_login_that_was_claimed_by_a_start_that_was_cut_off_is_free(RedisKind kind)
    {
        var messaging = await StartAsync(kind);
        await messaging.Database.HashSetAsync("replyx:logins", "x@acme", "gone nobody");

        Assert.True((await Invitations(messaging).AcceptAsync(await InviteAsync(messaging, "acme"), Joining("x@acme"))).IsDone);
    }

    [Theory, MemberData(nameof(Servers))]
    public async Task A_first_account_that_was_cut_off_is_completed(RedisKind kind)
    {
        var messaging = await StartAsync(kind);
        await messaging.Database.HashSetAsync("replyx:bootstrap", "account", "first");
        await messaging.Database.HashSetAsync("replyx:logins", "olga@acme", "first owner");

        Assert.Equal(FirstAccount.Made, await MakeAsync("a password"));
        Assert.Equal(FirstAccount.Known, await MakeAsync("a password"));
        Assert.Equal(FirstAccount.KnownOtherwise, await MakeAsync("another password"));
        var owner = Assert.Single(await messaging.Accounts.ListOperatorsAsync("first", TestTimeout.Token()));
        Assert.Equal(("Olga", OperatorRole.Owner), (owner.Name, owner.Role));

        Task<FirstAccount> MakeAsync(string password) =>
            messaging.Accounts.CreateFirstAsync("Acme", "Olga@acme", password, TestTimeout.Token());
    }

    /// <summary>As while a cluster is formed: its servers do not find out at the same time that all slots are there.</summary>
    [Fact]
    public async Task A_first_account_whose_slot_is_not_served_is_made_when_it_is()
    {
        var messaging = await StartAsync(RedisKind.Cluster);
        EndPoint MasterOf(string key) => messaging.Database.IdentifyEndpoint(key, CommandFlags.DemandMaster)!;
        EndPoint[] others = [MasterOf("replyx:bootstrap"), MasterOf("replyx:logins")];
        var account = Enumerable.Range(0, int.MaxValue).Select(number => $"a{number}").First(id => !others.Contains(MasterOf($"{{{id}}}")));
        await messaging.Database.HashSetAsync("replyx:bootstrap", "account", account);
        var master = RedisCluster.Running.Single(server => server.Port == ((IPEndPoint)MasterOf($"{{{account}}}")).Port);
        var slot = messaging.Database.Multiplexer.HashSlot(account).ToString(CultureInfo.InvariantCulture);
        await ClusterServers.TellAsync(master, "cluster", "delslots", slot);
        try
        {
            for (var i = 0; i < 2; i++)
            {
                await Assert.ThrowsAsync<MessagingUnavailableException>(MakeAsync);
            }
        }
        finally
        {
            await ClusterServers.TellAsync(master, "cluster", "addslots", slot);
        }

        FirstAccount? made = null;
        var limit = TestTimeout.Token();
        while (made is null)
        {
            try
            {
                made = await MakeAsync();
            }
            catch (MessagingUnavailableException)
            {
                await Task.Delay(20, limit);
            }
        }

        Assert.Equal(FirstAccount.Made, made);

        Task<FirstAccount> MakeAsync() => messaging.Accounts.CreateFirstAsync("Acme", "olga@acme", "a password", TestTimeout.Token());
    }

    private static async Task UntilAsync(Task end, Func<Task> again)
    {
        do
        {
            await again();
        }
        while (!end.IsCompleted);
    }

    private async Task<(MessagingHost First, MessagingHost Second)> StartTwoAsync(RedisKind kind)
    {
        var first = await StartAsync(kind);
        return (first, Keep(await MessagingHost.ConnectAsync(ConnectionString)));
    }

    private static InvitationBook Invitations(MessagingHost messaging) => messaging.Services.GetRequiredService<InvitationBook>();

    private static AssistantDirectory Assistants(MessagingHost messaging) => messaging.Services.GetRequiredService<AssistantDirectory>();

    private static OperatorSessions Sessions(MessagingHost messaging) => messaging.Services.GetRequiredService<OperatorSessions>();

    private static Actor By(string id) => new(id, id);

    private static Joining Joining(string login) => new(login, "X", PasswordHash: "a hash");

    private static async Task<Invitation> InviteAsync(MessagingHost messaging, string account) => (await Invitations(messaging).CreateAsync(
        account, null, null, OperatorRole.Operator, Actor.Platform, TestTimeout.Token())).Value!.Invitation;

    private static Task AddOwnerAsync(MessagingHost messaging, string account, string id) => messaging.Accounts.SaveOperatorAsync(
        new Operator(account, id, $"{id}@{account}", id, PasswordHash: "", OperatorRole.Owner), "a password", TestTimeout.Token());

    private static async Task<IEnumerable<Operator>> OwnersAsync(MessagingHost messaging, string account) =>
        (await messaging.Accounts.ListOperatorsAsync(account, TestTimeout.Token())).Where(person => person.Role == OperatorRole.Owner);
}
