using Microsoft.Extensions.Options;
using ReplyX.Api.Operators;

namespace ReplyX.Api.Bootstrap;

/// <summary>The account and owner that the first start makes. Bound from <c>Bootstrap</c>. Later starts change nothing.</summary>
internal sealed class BootstrapOptions
{
    public const string Section = "Bootstrap";

    /// <summary>The account's name.</summary>
    public string AccountName { get; set; } = "ReplyX";

    /// <summary>The owner's login; empty to make none.</summary>
    public string OwnerLogin { get; set; } = "";

    /// <summary>The owner's first password. It is read at every start and counts at the first.</summary>
    public string OwnerPassword { get; set; } = "";

    /// <summary>How long a start waits for Redis before it serves; it goes on trying. Default half a minute.</summary>
    public TimeSpan Patience { get; set; } = TimeSpan.FromSeconds(30);

    public bool IsWanted => OwnerLogin.Length > 0 || OwnerPassword.Length > 0;
}

internal sealed class BootstrapOptionsValidator : IValidateOptions<BootstrapOptions>
{
    public ValidateOptionsResult Validate(string? name, BootstrapOptions options)
    {
        if (!options.IsWanted)
        {
            return ValidateOptionsResult.Success;
        }

        var (account, login, password) = ((string?)options.AccountName, (string?)options.OwnerLogin, (string?)options.OwnerPassword);
        List<string> failures = [];
        Note("AccountName", OperatorFields.CheckName(ref account));
        Note("OwnerLogin", OperatorFields.CheckLogin(ref login));
        Note("OwnerPassword", OperatorFields.CheckPassword(ref password, login, "OwnerPassword"));
        if (options.Patience <= TimeSpan.Zero)
        {
            failures.Add($"{BootstrapOptions.Section}:Patience must be longer than nothing.");
        }

        return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);

        void Note(string field, Problem? problem)
        {
            if (problem is not null)
            {
                failures.Add($"{BootstrapOptions.Section}:{field}: {problem.Detail}");
            }
        }
    }
}
