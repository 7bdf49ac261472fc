using System.CommandLine;
using System.CommandLine.Parsing;
using Harness.Engine.Rules;

namespace Harness.Scenarios.CommandLine.Arguments;

/// <summary>The option that sets clauses aside which skip something.</summary>
internal static class PreserveOption
{
    private const string ReparsePoints = "reparse-points";
    private const string HardLinks = "hard-links";

    /// <summary>What is protected although the rules skip it; nothing by default.</summary>
    public static Option<PreserveModes> Preserve { get; } = new("--preserve")
    {
        Description = "Protect what the rules skip all the same: reparse points as they are, or files of several names with all of them. "
            + "No published profile does; the report names the clause that is set aside. May be repeated, or joined by commas.",
        HelpName = $"{ReparsePoints}|{HardLinks}",
        Arity = ArgumentArity.OneOrMore,
        CustomParser = Read,
    };

    private static PreserveModes Read(ArgumentResult result)
    {
        var modes = PreserveModes.None;
        foreach (var word in result.Tokens.SelectMany(token => token.Value.Split(',')))
        {
            switch (word.Trim())
            {
                case ReparsePoints:
                    modes |= PreserveModes.ReparsePoints;
                    break;
                case HardLinks:
                    modes |= PreserveModes.HardLinks;
                    break;
                default:
                    result.AddError($"--preserve: '{word}' is nothing that can be preserved; {ReparsePoints} and {HardLinks} are.");
                    return modes;
            }
        }

        return modes;
    }
}
