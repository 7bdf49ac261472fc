using System.CommandLine.Parsing;
using System.Globalization;

namespace Harness.Scenarios.CommandLine.Arguments;

/// <summary>Reads numbers with a message that says what is wanted; the parser's own names a .NET type.</summary>
internal static class Numbers
{
    /// <summary>A whole number within bounds, or null with an error recorded.</summary>
    public static long? Read(ArgumentResult result, long least, long most)
    {
        var text = result.Tokens[0].Value;
        if (long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
            && number >= least && number <= most)
        {
            return number;
        }

        var option = result.Parent is OptionResult { Option.Name: { } name } ? name + ": " : "";
        result.AddError(most == long.MaxValue
            ? $"{option}'{text}' is not a whole number from {least}."
            : $"{option}'{text}' is not a whole number from {least} to {most}.");
        return null;
    }
}
