using System.CommandLine;

namespace Harness.Perf;

/// <summary>The options that verbs share.</summary>
internal static class CommonOptions
{
    public static Option<bool> Json() => new("--json") { Description = "Print one JSON document instead of tables." };

    public static Option<DirectoryInfo?> Out() => new("--out") { Description = "Also write the results as files into this directory." };

    /// <summary>A whole number from 1 up.</summary>
    public static Option<int> Count(string name, int standard, string description)
    {
        var option = new Option<int>(name) { Description = description, DefaultValueFactory = _ => standard };
        option.Validators.Add(result =>
        {
            if (result.Errors.Any() || result.GetValueOrDefault<int>() < 1)
            {
                result.AddError($"{name} takes a whole number from 1 to {int.MaxValue}.");
            }
        });
        return option;
    }
}
