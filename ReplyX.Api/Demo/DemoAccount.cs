using ReplyX.Messaging.Accounts;

namespace ReplyX.Api.Demo;

internal static class DemoAccount
{
    public const string Id = "demo";
    public const string Name = "Demo shop";

    public static Site Site { get; } = new(
        Id,
        Id: "demo",
        Name: Name,
        AssistantId: "demo",
        Welcome: "Hi! Ask us anything: somebody of the team answers here.",
        Origins: ["http://localhost", "http://localhost:5080", "http://127.0.0.1:5080"],
        DirectClient: false,
        TokenVersion: 1);

    public static IReadOnlyList<Operator> Operators { get; } =
    [
        new(Id, "anna", "anna@demo.replyx.dev", "Anna", PasswordHash: "", OperatorRole.Owner),
        new(Id, "boris", "boris@demo.replyx.dev", "Boris", PasswordHash: ""),
    ];
}
