using System.CommandLine;
using System.CommandLine.Parsing;

namespace Harness.Scenarios.CommandLine.Arguments;

/// <summary>The options that choose a recovery point and parts of it.</summary>
internal static class RecoveryPointOption
{
    private const string Latest = "latest";

    /// <summary>Which recovery point; null is the latest.</summary>
    public static Option<long?> Point { get; } = new("--recovery-point")
    {
        Description = "Number of the recovery point, or 'latest' (the default).",
        HelpName = "N|latest",
        CustomParser = Parse,
    };

    /// <summary>Which parts of it.</summary>
    public static Option<string[]> Paths { get; } = new("--path")
    {
        Description = "A file or folder within the recovery point, with '/'; may be given several times (default: everything).",
        HelpName = "P",
    };

    private static long? Parse(ArgumentResult result)
    {
        var text = result.Tokens[0].Value;
        if (text == Latest)
        {
            return null;
        }

        if (long.TryParse(text, out var number) && number > 0)
        {
            return number;
        }

        result.AddError($"'{text}' is not a recovery point: give a number from 1, or '{Latest}'.");
        return null;
    }
}
