using ReplyX.Api.Oidc;
using ReplyX.Messaging.Accounts;

namespace ReplyX.Api.Invitations;

/// <summary>Whom to invite.</summary>
internal sealed record NewInvitationRequest(string? Login, string? Name, OperatorRole? Role);

/// <summary>An open invitation. Its link is shown once, when it is made.</summary>
internal sealed record InvitationView(
    string Id, string? Url, string? Login, string? Name, OperatorRole Role, DateTimeOffset CreatedAt, DateTimeOffset ExpiresAt)
{
    public static InvitationView Of(Invitation invitation, string? url = null) => new(
        invitation.Id, url, invitation.Login, invitation.Name, invitation.Role, invitation.CreatedAt, invitation.ExpiresAt);

    public override string ToString() => nameof(InvitationView);
}

/// <summary>An account's open invitations, newest first.</summary>
internal sealed record AccountInvitations(IReadOnlyList<InvitationView> Items);

/// <summary>The secret of an invitation.</summary>
internal sealed record InvitationSecret(string? Secret)
{
    public override string ToString() => nameof(InvitationSecret);
}

/// <summary>What an invitation is to, for who holds its secret.</summary>
internal sealed record InvitationLook(
    string AccountName,
    string? Login,
    string? Name,
    OperatorRole Role,
    DateTimeOffset ExpiresAt,
    bool IsFirst,
    string? Invitation,
    IReadOnlyList<OidcProviderView> Oidc);

/// <summary>Who accepts an invitation.</summary>
internal sealed record AcceptInvitation(string? Secret, string? Name, string? Login, string? Password, string? AccountName)
{
    public override string ToString() => nameof(AcceptInvitation);
}

/// <summary>An account to make.</summary>
internal sealed record NewAccount(string? Name, string? Login);

/// <summary>An account that was made, with the invitation of its owner.</summary>
internal sealed record CreatedAccount(string Id, string Name, InvitationView Invitation)
{
    public override string ToString() => nameof(CreatedAccount);
}
