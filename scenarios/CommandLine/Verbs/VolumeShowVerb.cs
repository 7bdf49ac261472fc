using System.CommandLine;
using Harness.Scenarios.CommandLine.Arguments;
using Harness.Scenarios.CommandLine.Composition;
using Harness.Scenarios.CommandLine.Documents;
using Harness.Scenarios.CommandLine.Output;
using Harness.Simulator.Recipes;

namespace Harness.Scenarios.CommandLine.Verbs;

/// <summary>Builds the volume of a recipe and shows it.</summary>
internal sealed class VolumeShowVerb : Verb
{
    private readonly Argument<string> _recipe = new("RECIPE")
    {
        Description = "A recipe file; FILE@EDIT[,EDIT...] shows the volume after those edits.",
    };

    public VolumeShowVerb(Terminal terminal)
        : base(
            terminal,
            "show",
            "Build the volume of a recipe and show it: its first entries, and what there is of each file type.",
            "harness volume show office.yaml",
            "harness volume show office.yaml@monday --json")
    {
        Add(_recipe);
        Add(SharedOptions.Json);
    }

    /// <inheritdoc/>
    protected override Task<int> RunAsync(ParseResult parse, CancellationToken cancellationToken)
    {
        var built = RecipeVolume.Build(parse.GetRequiredValue(_recipe));
        var picture = VolumePicture.Of(built.Volume);
        if (parse.GetValue(SharedOptions.Json))
        {
            var document = new VolumeDocument(built.Recipe.Source, [.. built.Recipe.Edits.Keys], picture);
            DocumentContext.Write(Terminal.Out, document, c => c.VolumeDocument);
        }
        else
        {
            foreach (var line in picture.ToLines())
            {
                Terminal.Out.WriteLine(line);
            }

            Terminal.Out.WriteLine(built.Recipe.Edits.Count > 0 ? $"edits: {string.Join(", ", built.Recipe.Edits.Keys)}" : "no edits");
        }

        return Task.FromResult(ExitCodes.Ok);
    }
}
