using ReplyX.Messaging.Accounts;

namespace ReplyX.Api.Operators;

/// <summary>An operator as colleagues see them.</summary>
internal sealed record AccountOperator(string Id, string Name, string Login)
{
    public static AccountOperator Of(Operator person) => new(person.Id, person.Name, person.Login);
}
