using System.CommandLine;
using Harness.Scenarios.CommandLine.Output;
using Harness.Scenarios.Schema;
using Harness.Simulator.Recipes;

namespace Harness.Scenarios.CommandLine.Verbs;

/// <summary>Prints the JSON Schema of a document kind.</summary>
internal sealed class SchemaVerb : Verb
{
    private const string Scenario = "scenario";
    private const string Recipe = "recipe";
    private const string Backup = "backup";

    private readonly Argument<string> _kind = new("KIND")
    {
        Description = "Which document: scenario, recipe, or backup (what backup --json prints).",
    };

    public SchemaVerb(Terminal terminal)
        : base(
            terminal,
            "schema",
            "Print the JSON Schema of scenario or recipe files, or of a backup's report, for editors and checks.",
            "harness schema scenario > scenario.schema.json")
    {
        _kind.AcceptOnlyFromAmong(Scenario, Recipe, Backup);
        Add(_kind);
    }

    /// <inheritdoc/>
    protected override Task<int> RunAsync(ParseResult parse, CancellationToken cancellationToken)
    {
        var schema = parse.GetRequiredValue(_kind) switch
        {
            Scenario => ScenarioSchema.Export(),
            Recipe => RecipeSchema.Export(),
            _ => ReportSchema.Export(),
        };
        Terminal.Out.WriteLine(schema.TrimEnd());
        return Task.FromResult(ExitCodes.Ok);
    }
}
