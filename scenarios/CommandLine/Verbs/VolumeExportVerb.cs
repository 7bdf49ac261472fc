using System.CommandLine;
using Harness.Engine.Errors;
using Harness.Scenarios.CommandLine.Arguments;
using Harness.Scenarios.CommandLine.Composition;
using Harness.Scenarios.CommandLine.Documents;
using Harness.Scenarios.CommandLine.Output;
using Harness.Simulator.Export;
using Harness.Simulator.Recipes;

namespace Harness.Scenarios.CommandLine.Verbs;

/// <summary>Writes a simulated volume to a real NTFS image.</summary>
internal sealed class VolumeExportVerb : Verb
{
    private const int ShownPaths = 5;

    private readonly Argument<string> _recipe = new("RECIPE")
    {
        Description = "A recipe file; FILE@EDIT[,EDIT...] is the volume after those edits.",
    };

    private readonly Option<string> _image = new("--ntfs")
    {
        Description = "The image to write, through ntfs-3g; needs root. One that exists is not touched without --force.",
        HelpName = "IMG",
        Required = true,
    };

    private readonly Option<string?> _size = new("--size")
    {
        Description = "Size of the image, as 256MiB (default: what the volume needs).",
        HelpName = "SIZE",
    };

    private readonly Option<bool> _force = new("--force")
    {
        Description = "Replace an image that exists, once the new one is complete.",
    };

    public VolumeExportVerb(Terminal terminal)
        : base(
            terminal,
            "export",
            "Write the volume of a recipe to a real NTFS image, and say what the driver could not express.",
            "harness volume export volume.yaml --ntfs volume.img",
            "harness volume export volume.yaml --ntfs volume.img --size 1GiB --json")
    {
        Add(_recipe);
        Add(_image);
        Add(_size);
        Add(_force);
        Add(SharedOptions.Json);
    }

    /// <inheritdoc/>
    protected override async Task<int> RunAsync(ParseResult parse, CancellationToken cancellationToken)
    {
        var image = parse.GetRequiredValue(_image);
        long? size = parse.GetValue(_size) is not { } text ? null
            : SizeText.TryParse(text, out var bytes) ? bytes
            : throw new BackupException(ErrorCode.ArgumentInvalid, $"--size {text} is no size.", "Write it as 256MiB or 4GiB.");
        var built = RecipeVolume.Build(parse.GetRequiredValue(_recipe));
        var report = await NtfsExport.RunAsync(built.Source, image, size, parse.GetValue(_force), cancellationToken);
        if (parse.GetValue(SharedOptions.Json))
        {
            var document = new ExportDocument(
                built.Recipe.Source, image, new FileInfo(image).Length, report.Files, report.Directories, report.WrittenBytes,
                report.Differences);
            DocumentContext.Write(Terminal.Out, document, c => c.ExportDocument);
        }
        else
        {
            PrintText(image, report);
        }

        return ExitCodes.Ok;
    }

    private void PrintText(string image, ExportReport report)
    {
        Terminal.Out.WriteLine(
            $"Wrote {image}: {report.Files} files, {report.Directories} directories, {SizeText.Format(report.WrittenBytes)} of data.");
        foreach (var group in report.Differences.GroupBy(difference => difference.Property))
        {
            var count = group.Count();
            Terminal.Out.WriteLine($"  {group.Key}: {count} {(count == 1 ? "entry differs" : "entries differ")}");
            foreach (var difference in group.Take(ShownPaths))
            {
                Terminal.Out.WriteLine(
                    $"    {(difference.Path.Length == 0 ? "(root)" : difference.Path)}: {difference.Actual}, not {difference.Expected}");
            }

            if (count > ShownPaths)
            {
                Terminal.Out.WriteLine($"    ... and {count - ShownPaths} more; --json lists all");
            }
        }
    }
}
