using System.CommandLine;
using System.CommandLine.Parsing;
using Harness.Engine.Errors;
using Harness.Scenarios.CommandLine.Arguments;
using Harness.Scenarios.CommandLine.Output;

namespace Harness.Scenarios.CommandLine;

/// <summary>Turns the parser's complaints into one clear line and a hint.</summary>
internal static class UsageError
{
    /// <summary>Prints the first complaint that names what the user wrote; returns the exit code.</summary>
    public static int Print(ParseResult parse, IReadOnlyList<string> args, Terminal terminal)
    {
        if (args.Any(IsPassphrase))
        {
            // Nothing of what was written is repeated: it would be in this run's log too.
            return new ErrorPrinter(terminal, args.Contains("--json", StringComparer.Ordinal)).Print(new BackupException(
                ErrorCode.ArgumentInvalid,
                "A passphrase is not taken from the command line: other users of the machine can read it there, and shells remember it.",
                $"Give --passphrase-file FILE, or set {PassphraseReader.Variable}. Take the one that you wrote for known to others."));
        }

        // "Required command was not provided" and its like follow from a word that was not understood, so that word comes first.
        var complaint = parse.Errors.FirstOrDefault(e => e.Message.StartsWith("Unrecognized", StringComparison.Ordinal))
            ?? parse.Errors[0];
        var message = complaint.Message == "Required command was not provided."
            ? $"Which verb? {string.Join(", ", parse.CommandResult.Command.Subcommands.Select(c => c.Name))}."
            : string.Join(' ', complaint.Message.Split(['\r', '\n', '\t'], StringSplitOptions.RemoveEmptyEntries));
        var error = new BackupException(
            ErrorCode.ArgumentInvalid, message, $"See '{Name(parse.CommandResult)} --help'.");
        return new ErrorPrinter(terminal, args.Contains("--json", StringComparer.Ordinal)).Print(error);
    }

    /// <summary>Whether a word is an option by which other programs take one.</summary>
    private static bool IsPassphrase(string word) => word.Split('=', ':')[0] is "--passphrase" or "--password" or "--pass" or "-p" or "--pw";

    private static string Name(CommandResult result)
    {
        var names = new List<string>();
        for (var at = result; at.Parent is CommandResult parent; at = parent)
        {
            names.Insert(0, at.Command.Name);
        }

        return string.Join(' ', names.Prepend("harness"));
    }
}
