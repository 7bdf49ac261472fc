using System.CommandLine;
using Harness.Engine.Errors;
using Harness.Scenarios.CommandLine.Output;
using Harness.Simulator.Recipes;

namespace Harness.Scenarios.CommandLine.Verbs;

/// <summary>Writes a sample recipe to start from.</summary>
internal sealed class VolumeNewVerb : Verb
{
    private const string DefaultSample = "seed-page";

    private readonly Argument<string> _file = new("RECIPE")
    {
        Description = "The file to write; one that exists is not touched.",
    };

    private readonly Option<string?> _sample = new("--sample")
    {
        Description = "What to start from (default: seed-page, one of every file type of the rules).",
        HelpName = "office|seed-page|huge",
    };

    public VolumeNewVerb(Terminal terminal)
        : base(
            terminal,
            "new",
            "Write a sample recipe to a new file, to look at, change and protect.",
            "harness volume new volume.yaml",
            "harness volume new office.yaml --sample office")
    {
        Add(_file);
        Add(_sample);
    }

    /// <inheritdoc/>
    protected override Task<int> RunAsync(ParseResult parse, CancellationToken cancellationToken)
    {
        var file = parse.GetRequiredValue(_file);
        var text = RecipeSamples.Text(parse.GetValue(_sample) ?? DefaultSample);
        try
        {
            using var stream = new FileStream(file, FileMode.CreateNew);
            using var writer = new StreamWriter(stream);
            writer.Write(text);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new BackupException(
                ErrorCode.FileInaccessible,
                File.Exists(file) ? $"'{file}' exists already." : $"'{file}' cannot be written: {error.Message}",
                "Name a file that does not exist, in a directory that does.",
                inner: error);
        }

        var edits = RecipeLoader.Parse(text, file).Edits.Keys.ToList();
        Terminal.Out.WriteLine($"Wrote {file}. Next:");
        Terminal.Out.WriteLine($"  harness volume show {file}");
        Terminal.Out.WriteLine($"  harness backup recipe:{file} --vault dir:./vault");
        if (edits.Count > 0)
        {
            Terminal.Out.WriteLine($"  harness backup recipe:{file}@{edits[0]} --vault dir:./vault     # after the edits '{edits[0]}'");
        }

        return Task.FromResult(ExitCodes.Ok);
    }
}
