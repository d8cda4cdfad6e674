using ReplyX.Messaging.Accounts;
using ReplyX.Messaging.Dialogs;
using ReplyX.Messaging.Streams;
using ReplyX.Testing;

namespace ReplyX.Messaging.Tests.Dialogs;

public class HandoffTests : MessagingTest
{
    private static readonly HandoffStep[] _steps = Enum.GetValues<HandoffStep>();

    public static TheoryData<HandoffStep[], HandoffState, HandoffStep[]> States => new()
    {
        { [], HandoffState.None, [HandoffStep.Request] },
        { [HandoffStep.Request], HandoffState.Requested, [HandoffStep.Takeover, HandoffStep.Cancel] },
        { [HandoffStep.Request, HandoffStep.Takeover], HandoffState.Active, [HandoffStep.Release] },
        { [HandoffStep.Request, HandoffStep.Takeover, HandoffStep.Release], HandoffState.Released, [HandoffStep.Request] },
        { [HandoffStep.Request, HandoffStep.Cancel], HandoffState.Cancelled, [HandoffStep.Request] },
    };

    [Theory, MemberData(nameof(States))]
    public async Task Only_the_steps_of_a_state_are_taken(HandoffStep[] path, HandoffState state, HandoffStep[] allowed)
    {
        var messaging = await StartAsync(RedisKind.Redis);
        foreach (var step in _steps)
        {
            var dialog = await messaging.OpenDialogAsync();
            foreach (var before in path)
            {
                await TakeAsync(messaging, dialog, before);
            }

            Assert.Equal(state, (await messaging.Dialogs.FindAsync(dialog, TestTimeout.Token()))!.Handoff);
            var events = (await messaging.ReadAllAsync(dialog)).Count;
            var result = await TakeAsync(messaging, dialog, step);

            var expected = allowed.Contains(step);
            Assert.Equal(expected ? AppendOutcome.Appended : AppendOutcome.HandoffRefused, result.Outcome);
            Assert.Equal(events + (expected ? 1 : 0), (await messaging.ReadAllAsync(dialog)).Count);
        }
    }

    [Theory]
    [InlineData(RedisKind.Redis)]
    [InlineData(RedisKind.Garnet)]
    public async Task While_an_operator_holds_a_dialog_neither_the_assistant_nor_another_operator_speaks(RedisKind kind)
    {
        var messaging = await StartAsync(kind);
        var dialog = await messaging.OpenDialogAsync();
        await TakeAsync(messaging, dialog, HandoffStep.Request);
        await TakeAsync(messaging, dialog, HandoffStep.Takeover);

        Task<AppendResult> Say(Sender sender, string? operatorId) => messaging.AppendAsync(
            dialog, new NewMessage(IdempotencyKey.Unique("test"), sender, "hello", OperatorId: operatorId));

        Assert.Equal(AppendOutcome.HandoffRefused, (await Say(Sender.Assistant, null)).Outcome);
        Assert.Equal(AppendOutcome.HandoffRefused, (await Say(Sender.Manager, "boris")).Outcome);
        Assert.Equal(AppendOutcome.Appended, (await Say(Sender.Manager, "anna")).Outcome);
        Assert.Equal(AppendOutcome.Appended, (await Say(Sender.User, null)).Outcome);
    }

    [Theory]
    [InlineData(RedisKind.Redis)]
    [InlineData(RedisKind.Garnet)]
    public async Task Of_ten_operators_who_take_over_at_once_one_gets_the_dialog(RedisKind kind)
    {
        var messaging = await StartAsync(kind);
        var dialog = await messaging.OpenDialogAsync();
        await TakeAsync(messaging, dialog, HandoffStep.Request);

        var results = await Task.WhenAll(Enumerable.Range(0, 10).Select(i => messaging.AppendAsync(
            dialog, HandoffStep.Takeover, IdempotencyKey.Unique($"o.{i}"), Sender.Manager, $"operator{i}", "Op")));

        Assert.Single(results, result => result.Outcome == AppendOutcome.Appended);
        Assert.Equal(9, results.Count(result => result.Outcome == AppendOutcome.HandoffRefused));
    }

    [Theory]
    [InlineData(RedisKind.Redis)]
    [InlineData(RedisKind.Garnet)]
    public async Task Only_the_holder_and_an_owner_release_a_dialog(RedisKind kind)
    {
        var messaging = await StartAsync(kind);
        foreach (var (id, role) in ((string, OperatorRole)[])
            [("anna", OperatorRole.Operator), ("boris", OperatorRole.Operator), ("olga", OperatorRole.Owner)])
        {
            await messaging.Accounts.SaveOperatorAsync(
                new Operator("acme", id, $"{id}@acme", id, PasswordHash: "", role), "a password", TestTimeout.Token());
        }

        // As it was stored before there were roles.
        await messaging.Database.HashSetAsync(
            "{acme}:operators", "vera", """{"account":"acme","id":"vera","login":"vera@acme","name":"Vera","password_hash":""}""");
        Assert.Equal(OperatorRole.Operator, (await messaging.Accounts.FindOperatorAsync("acme", "vera", TestTimeout.Token()))!.Role);

        var dialog = await messaging.OpenDialogAsync();
        async Task HoldAsync()
        {
            await TakeAsync(messaging, dialog, HandoffStep.Request);
            await TakeAsync(messaging, dialog, HandoffStep.Takeover);
        }

        Task<AppendResult> ReleaseAsync(string? person) => messaging.AppendAsync(
            dialog, HandoffStep.Release, IdempotencyKey.Unique($"o.{person}"), Sender.Manager, person, person);

        await HoldAsync();
        var events = (await messaging.ReadAllAsync(dialog)).Count;
        foreach (var person in (string?[])["boris", "vera", "nobody", null])
        {
            var refused = await ReleaseAsync(person);
            Assert.Equal((AppendOutcome.HandoffNotYours, HandoffState.Active), (refused.Outcome, refused.Handoff));
        }

        Assert.Equal(events, (await messaging.ReadAllAsync(dialog)).Count);
        Assert.Equal(AppendOutcome.Appended, (await ReleaseAsync("anna")).Outcome);
        Assert.Equal(AppendOutcome.HandoffRefused, (await ReleaseAsync("boris")).Outcome);

        await HoldAsync();
        Assert.Equal(AppendOutcome.Appended, (await ReleaseAsync("olga")).Outcome);

        // Nobody holds what a removed operator held: else it would be stuck in an account without an owner.
        await HoldAsync();
        await messaging.Accounts.RemoveOperatorAsync("acme", "anna", Actor.Platform, TestTimeout.Token());
        Assert.Equal(AppendOutcome.Appended, (await ReleaseAsync("boris")).Outcome);
    }

    private static Task<AppendResult> TakeAsync(MessagingHost messaging, StreamKey dialog, HandoffStep step) =>
        messaging.AppendAsync(dialog, step, IdempotencyKey.Unique("o.anna"), Sender.Manager, "anna", "Anna");
}
