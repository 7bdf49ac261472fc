using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Harness.Engine.Errors;
using Harness.Engine.Ports;
using Harness.Simulator.Kernel;
using Harness.Simulator.Recipes;
using Harness.Simulator.Snapshots;
using Harness.Simulator.Volume;

namespace Harness.Scenarios.CommandLine.Composition;

/// <summary>
/// The simulated volume of <c>FILE[@EDIT,...]</c>: built from the recipe, then each named set of edits applied a day apart. It is the
/// same volume in every process, so that a second command sees what the first one did.
/// </summary>
internal sealed class RecipeVolume
{
    private static readonly DateTimeOffset Epoch = new(2018, 8, 2, 0, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan Step = TimeSpan.FromDays(1);

    private RecipeVolume(Recipe recipe, SimVolume volume)
    {
        Recipe = recipe;
        Volume = volume;
    }

    /// <summary>The recipe.</summary>
    public Recipe Recipe { get; }

    /// <summary>The volume after the edits.</summary>
    public SimVolume Volume { get; }

    /// <summary>The volume as what a backup protects.</summary>
    public IDataSource Source => new SimDataSource(Volume);

    /// <summary>Builds it; FileInaccessible or RecipeInvalid.</summary>
    public static RecipeVolume Build(string text)
    {
        // A file may have '@' in its name; then all of it is the name.
        var at = File.Exists(text) ? -1 : text.LastIndexOf('@');
        var file = at < 0 ? text : text[..at];
        var edits = at < 0 ? [] : text[(at + 1)..].Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        var document = Read(file);
        var recipe = RecipeLoader.Parse(document, file);
        var clock = new SimClock(StartOf(document));
        var volume = RecipeBuilder.Build(recipe, clock);
        clock.Advance(Step);
        var rounds = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var edit in edits)
        {
            var round = rounds[edit] = rounds.GetValueOrDefault(edit, -1) + 1;
            recipe.ApplyEdits(volume, edit, round);
            clock.Advance(Step);
        }

        return new(recipe, volume);
    }

    /// <summary>
    /// When the volume was made: another text, another moment. Otherwise a file whose line in the recipe was changed would keep its
    /// times, and an incremental backup would rightly take it for unchanged.
    /// </summary>
    private static DateTimeOffset StartOf(string document)
    {
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(document));
        return Epoch + TimeSpan.FromMilliseconds(BinaryPrimitives.ReadUInt32LittleEndian(hash) % Step.TotalMilliseconds);
    }

    private static string Read(string file)
    {
        try
        {
            return File.ReadAllText(file);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new BackupException(
                ErrorCode.FileInaccessible,
                $"The recipe '{file}' cannot be read: {error.Message}",
                "Name a recipe file; 'harness volume new FILE' makes one.",
                inner: error);
        }
    }
}
