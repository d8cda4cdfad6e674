namespace ReplyX.Messaging.Accounts;

/// <summary>One line of an account's audit log: who changed what, and when. It holds no secret.</summary>
/// <param name="Id">The entry's id.</param>
/// <param name="At">When.</param>
/// <param name="Actor">Who.</param>
/// <param name="Action">What, such as <c>site.change</c>.</param>
/// <param name="Target">What was changed.</param>
/// <param name="Details">What it was before and is now, field by field.</param>
public sealed record AuditEntry(
    string Id, DateTimeOffset At, Actor Actor, string Action, AuditTarget Target, IReadOnlyList<AuditDetail> Details);

/// <summary>What was changed.</summary>
/// <param name="Kind"><c>account</c>, <c>data_job</c>, <c>operator</c>, <c>invitation</c>, <c>quick_replies</c> or <c>site</c>.</param>
/// <param name="Id">Its id.</param>
/// <param name="Name">Its name at that time.</param>
public sealed record AuditTarget(string Kind, string Id, string Name)
{
    /// <summary>An account.</summary>
    /// <param name="account">The account.</param>
    public static AuditTarget Of(Account account) => new("account", account.Id, account.Name);

    /// <summary>An operator.</summary>
    /// <param name="person">The operator.</param>
    public static AuditTarget Of(Operator person) => new("operator", person.Id, person.Name);

    /// <summary>A site.</summary>
    /// <param name="site">The site.</param>
    public static AuditTarget Of(Site site) => new("site", site.Id, site.Name);

    internal static AuditTarget Of(Invitation invitation) =>
        new("invitation", invitation.Id, invitation.Name ?? invitation.Login ?? "");
}

/// <summary>What a field was and is.</summary>
/// <param name="Field">The field.</param>
/// <param name="From">What it was; null where there was nothing.</param>
/// <param name="To">What it is; null where there is nothing.</param>
public sealed record AuditDetail(string Field, string? From, string? To);
