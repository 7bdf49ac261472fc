using System.CommandLine;
using Harness.Engine.Errors;
using Harness.Scenarios.Authoring;
using Harness.Scenarios.CommandLine.Output;
using Harness.Scenarios.Schema;

namespace Harness.Scenarios.CommandLine.Verbs;

/// <summary>Writes a scenario to start from.</summary>
internal sealed class NewVerb : Verb
{
    private const string DefaultCatalog = "scenarios/catalog";

    private readonly Argument<string> _id = new("ID")
    {
        Description = "Id of the new scenario, area.name; the file is AREA/NAME.yaml in the catalogue, and one that exists is not touched.",
    };

    private readonly Option<string?> _clause = new("--clause")
    {
        Description = $"Clause that it proves (default: {ScenarioTemplate.DefaultClause}); 'harness matrix' lists them.",
        HelpName = "C",
    };

    private readonly Option<string?> _catalog = new("--catalog")
    {
        Description = $"Directory of the catalogue (default: {DefaultCatalog}).",
        HelpName = "DIR",
    };

    public NewVerb(Terminal terminal)
        : base(
            terminal,
            "new",
            "Write a scenario that runs as it is, to be changed: scenarios/catalog/README.md walks through it.",
            "harness new file-types.my-case",
            "harness new file-types.my-case --clause file.sparse --catalog my-catalog")
    {
        Add(_id);
        Add(_clause);
        Add(_catalog);
    }

    /// <inheritdoc/>
    protected override Task<int> RunAsync(ParseResult parse, CancellationToken cancellationToken)
    {
        var id = parse.GetRequiredValue(_id);
        var text = ScenarioTemplate.Of(id, parse.GetValue(_clause) ?? ScenarioTemplate.DefaultClause);
        var catalog = parse.GetValue(_catalog) ?? DefaultCatalog;
        var cut = id.IndexOf('.', StringComparison.Ordinal);
        var file = Path.Combine(catalog, id[..cut], id[(cut + 1)..] + ".yaml");
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            using (var stream = new FileStream(file, FileMode.CreateNew))
            using (var writer = new StreamWriter(stream))
            {
                writer.Write(text);
            }

            // Its first line names the schema, which a catalogue of one's own has not got yet.
            var schema = Path.Combine(catalog, "scenario.schema.json");
            if (!File.Exists(schema))
            {
                File.WriteAllText(schema, ScenarioSchema.Export());
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new BackupException(
                ErrorCode.FileInaccessible,
                File.Exists(file) ? $"'{file}' exists already." : $"'{file}' cannot be written: {error.Message}",
                "Choose another id, or name the catalogue with --catalog.",
                inner: error);
        }

        Terminal.Out.WriteLine($"Wrote {file}. Next:");
        Terminal.Out.WriteLine($"  harness lint {file}");
        Terminal.Out.WriteLine($"  harness run --catalog {file} --vault memory");
        return Task.FromResult(ExitCodes.Ok);
    }
}
