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

    private readonly Argument<string> _kind = new("KIND")
    {
        Description = "Which document: scenario or recipe.",
    };

    public SchemaVerb(Terminal terminal)
        : base(
            terminal,
            "schema",
            "Print the JSON Schema of scenario or recipe files, for editors and checks.",
            "harness schema scenario > scenario.schema.json")
    {
        _kind.AcceptOnlyFromAmong(Scenario, Recipe);
        Add(_kind);
    }

    /// <inheritdoc/>
    protected override Task<int> RunAsync(ParseResult parse, CancellationToken cancellationToken)
    {
        Terminal.Out.WriteLine((parse.GetRequiredValue(_kind) == Scenario ? ScenarioSchema.Export() : RecipeSchema.Export()).TrimEnd());
        return Task.FromResult(ExitCodes.Ok);
    }
}
