using System.Globalization;
using ReplyX.Validation.Services;
using ReplyX.Validation.Sources;

namespace ReplyX.Validation;

/// <summary>A whole run: from a command line to lines and an exit code.</summary>
/// <param name="output">Where the lines go.</param>
/// <param name="errors">Where wrong usage is told.</param>
/// <param name="annotate">Whether each fault is also said as GitHub's runners want to hear it.</param>
internal sealed class Validator(TextWriter output, TextWriter errors, bool annotate)
{
    public const int Good = 0;
    public const int Faulty = 1;
    public const int BadUsage = 64;

    private const string Solution = "ReplyX.Aspire.sln";

    /// <summary>Runs checks for a script.</summary>
    /// <param name="arguments">The script's arguments.</param>
    /// <param name="usage">What <c>--help</c> prints.</param>
    /// <param name="checks">What is proven.</param>
    /// <returns>The exit code.</returns>
    public static Task<int> RunAsync(string[] arguments, string usage, params ICheck[] checks)
    {
        CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
        var validator = new Validator(Console.Out, Console.Error, Environment.GetEnvironmentVariable("GITHUB_ACTIONS") == "true");
        return validator.ValidateAsync(arguments, usage, checks);
    }

    public async Task<int> ValidateAsync(string[] arguments, string usage, IReadOnlyList<ICheck> checks)
    {
        string root;
        switch (arguments)
        {
            case ["-h" or "--help"]:
                output.WriteLine(usage);
                return Good;
            case []:
                root = Root();
                break;
            case ["--root", var given]:
                root = given;
                break;
            default:
                return Refuse($"unknown arguments: {string.Join(' ', arguments)}", usage);
        }

        if (!File.Exists(Path.Combine(root, Solution)))
        {
            return Refuse($"{root} is no working tree: it has no {Solution}", usage);
        }

        var tree = new SourceTree(root);
        try
        {
            return Report(new Subject(tree, await ServiceGraph.ReadAsync(tree.Root)), checks);
        }
        catch (InvalidOperationException exception)
        {
            return Report(new Subject(tree, SocketGraph.None), [new ServicesFit(exception.Message), .. checks.Where(check => !check.AsksServices)]);
        }
    }

    /// <summary>Makes the checks and says what they found.</summary>
    public int Report(Subject subject, IReadOnlyList<ICheck> checks)
    {
        var verdicts = checks.Select(check => (check.Claim, Verdict: check.Judge(subject))).ToList();
        foreach (var (claim, verdict) in verdicts)
        {
            output.WriteLine(verdict.Faults.Count == 0 ? $"ok     {claim} ({verdict.Seen})" : $"fault  {claim} ({verdict.Seen})");
            foreach (var fault in verdict.Faults)
            {
                Say(fault);
            }
        }

        var faults = verdicts.Sum(one => one.Verdict.Faults.Count);
        var faulty = verdicts.Count(one => one.Verdict.Faults.Count > 0);
        output.WriteLine(faults == 0
            ? $"{verdicts.Count} checks, no fault"
            : $"{faulty} of {verdicts.Count} checks failed: {faults} {(faults == 1 ? "fault" : "faults")}");
        return faults == 0 ? Good : Faulty;
    }

    private void Say(Fault fault)
    {
        output.WriteLine($"{fault.Place}: {fault.Message}");
        if (annotate)
        {
            var line = fault.Place.Line is { } at ? $",line={at}" : "";
            output.WriteLine($"::error file={Escaped(fault.Place.Path).Replace(":", "%3A", StringComparison.Ordinal).Replace(",", "%2C", StringComparison.Ordinal)}{line}::{Escaped(fault.Message)}");
        }
    }

    private int Refuse(string why, string usage)
    {
        errors.WriteLine($"{why}\n{usage}");
        return BadUsage;
    }

    // The runner's own escapes, so that a text cannot end a command or begin one.
    private static string Escaped(string text) => text
        .Replace("%", "%25", StringComparison.Ordinal)
        .Replace("\r", "%0D", StringComparison.Ordinal)
        .Replace("\n", "%0A", StringComparison.Ordinal);

    // The tree that the script lies in, from wherever it is run.
    private static string Root() =>
        AppContext.GetData("EntryPointFileDirectoryPath") is string scripts ? Path.GetFullPath(Path.Combine(scripts, "..")) : Environment.CurrentDirectory;
}
