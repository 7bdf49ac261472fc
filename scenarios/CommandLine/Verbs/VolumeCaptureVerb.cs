using System.CommandLine;
using Harness.Engine.Errors;
using Harness.Engine.Local.Sources;
using Harness.Scenarios.CommandLine.Arguments;
using Harness.Scenarios.CommandLine.Composition;
using Harness.Scenarios.CommandLine.Documents;
using Harness.Scenarios.CommandLine.Output;
using Harness.Simulator.Capture;
using Harness.Simulator.Recipes;

namespace Harness.Scenarios.CommandLine.Verbs;

/// <summary>Turns a real tree into a recipe.</summary>
internal sealed class VolumeCaptureVerb : Verb
{
    private readonly Argument<string> _directory = new("DIR")
    {
        Description = "A directory of any Linux file system; an ntfs-3g mount shows all that NTFS has.",
    };

    private readonly Option<string?> _out = new("--out")
    {
        Description = "The recipe to write; one that exists is not touched (default: standard output).",
        HelpName = "FILE",
    };

    private readonly Option<bool> _scrub = new("--scrub-names")
    {
        Description = "Replace all names; extensions, length classes and collisions stay, and a seed gives the same names again.",
    };

    private readonly Option<ulong> _seed = new("--seed")
    {
        Description = "Seed of scrubbed names and of the content that the recipe generates.",
        DefaultValueFactory = _ => 1,
        HelpName = "N",
    };

    public VolumeCaptureVerb(Terminal terminal)
        : base(
            terminal,
            "capture",
            "Turn a real tree into a recipe without contents, to reproduce its verdicts and sizes elsewhere.",
            "harness volume capture /srv/data --out data.yaml",
            "harness volume capture /mnt/ntfs --out case.yaml --scrub-names --seed 7")
    {
        Add(_directory);
        Add(_out);
        Add(_scrub);
        Add(_seed);
        Add(SharedOptions.Json);
    }

    /// <inheritdoc/>
    protected override async Task<int> RunAsync(ParseResult parse, CancellationToken cancellationToken)
    {
        LinuxOnly.Require("Captures of directories");
        var directory = parse.GetRequiredValue(_directory);
        var file = parse.GetValue(_out);
        var seed = parse.GetValue(_seed);
        var isJson = parse.GetValue(SharedOptions.Json);
        RequireSense(directory, file, seed, isJson);
        var options = new CaptureOptions { ScrubNames = parse.GetValue(_scrub), Seed = seed };
        var capture = new VolumeCapture(new LinuxDirectorySource(directory, TimeProvider.System), options);
        var report = file is null
            ? await capture.WriteAsync(Terminal.Out, cancellationToken)
            : await WriteFileAsync(capture, file, cancellationToken);
        if (isJson)
        {
            DocumentContext.Write(Terminal.Out, ToDocument(directory, file!, options, report), c => c.CaptureDocument);
        }
        else
        {
            PrintText(directory, file, report);
        }

        return report.LeftOut.Count + report.Changed.Count == 0 ? ExitCodes.Ok : ExitCodes.Incomplete;
    }

    private static void RequireSense(string directory, string? file, ulong seed, bool isJson)
    {
        var problem = isJson && file is null ? ("--json needs --out, since the recipe itself goes to standard output.", "Add --out FILE.")
            : seed > long.MaxValue ? ($"--seed {seed} is above {long.MaxValue}.", "Choose a smaller seed.")
            : file is not null && IsWithin(file, directory)
                ? ($"The recipe '{file}' would be written into the tree that is captured.", "Choose a place outside of it.")
            : ((string What, string Remedy)?)null;
        if (problem is { } found)
        {
            throw new BackupException(ErrorCode.ArgumentInvalid, found.What, found.Remedy);
        }
    }

    private static bool IsWithin(string file, string directory)
    {
        var root = Path.TrimEndingDirectorySeparator(Path.GetFullPath(directory)) + Path.DirectorySeparatorChar;
        return Path.GetFullPath(file).StartsWith(root, StringComparison.Ordinal);
    }

    private static async Task<CaptureReport> WriteFileAsync(
        VolumeCapture capture, string file, CancellationToken cancellationToken)
    {
        FileStream stream;
        try
        {
            stream = new FileStream(file, FileMode.CreateNew, FileAccess.Write, FileShare.Read, 1 << 16);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new BackupException(
                ErrorCode.FileInaccessible,
                File.Exists(file) ? $"'{file}' exists already." : $"'{file}' cannot be written: {error.Message}",
                "Name a file that does not exist, in a directory that does.",
                inner: error);
        }

        try
        {
            await using var writer = new StreamWriter(stream);
            return await capture.WriteAsync(writer, cancellationToken);
        }
        catch
        {
            // Half a recipe looks like a whole one.
            File.Delete(file);
            throw;
        }
    }

    private static CaptureDocument ToDocument(string directory, string file, CaptureOptions options, CaptureReport report) => new(
        directory,
        file,
        options.ScrubNames,
        report.Files,
        report.Directories,
        report.HardLinks,
        report.ReparsePoints,
        report.Streams,
        report.LogicalBytes,
        report.LeftOut,
        report.Changed);

    private void PrintText(string directory, string? file, CaptureReport report)
    {
        Terminal.Error.WriteLine(
            $"Captured '{directory}': {report.Files} files ({report.HardLinks} further names), {report.Directories} directories, "
            + $"{report.ReparsePoints} reparse points, {report.Streams} named streams, {SizeText.Format(report.LogicalBytes)}.");
        foreach (var problem in report.LeftOut)
        {
            Terminal.Error.WriteLine($"  left out   {problem.Reason}: {problem.Message}");
        }

        foreach (var problem in report.Changed)
        {
            Terminal.Error.WriteLine($"  changed    {problem.Reason}: {problem.Message}");
        }

        if (file is not null)
        {
            Terminal.Out.WriteLine($"Wrote {file}. Next: harness volume show {file}");
        }
    }
}
