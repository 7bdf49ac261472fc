using Harness.Simulator.Recipes;
using Harness.Simulator.Snapshots;
using Harness.Simulator.Volume;
using Harness.Tests.Local;

namespace Harness.Tests.Support;

/// <summary>Does to a mounted volume what a recipe's edits did to the simulated one, by writing no more than what differs.</summary>
internal sealed class NtfsEditor(NtfsVolume volume, SourceListing before, SourceListing after)
{
    private const int BlockBytes = 512;

    internal static async Task ApplyAsync(NtfsVolume volume, SimVolume simulated, Recipe recipe, string edits)
    {
        await using var before = await SourceListing.OfAsync(new SimDataSource(simulated));
        recipe.ApplyEdits(simulated, edits);
        await using var after = await SourceListing.OfAsync(new SimDataSource(simulated));
        var editor = new NtfsEditor(volume, before, after);
        foreach (var edit in recipe.Edits[edits])
        {
            await editor.ApplyAsync(edit);
        }

        volume.Remount();
    }

    private async Task ApplyAsync(RecipeEdit edit)
    {
        var path = volume.At(edit.Path);
        switch (edit.Action)
        {
            case "rename":
                Directory.Move(path, volume.At(edit.To));
                break;
            case "delete":
                File.Delete(path);
                break;
            case "create":
                await File.WriteAllBytesAsync(path, await after.ReadAsync(edit.Path));
                break;
            case "write" or "append" or "truncate":
                await WriteDifferencesAsync(edit.Path);
                break;
            default:
                throw new NotSupportedException($"{edit.Place}: '{edit.Action}' has no counterpart on a mounted volume here.");
        }
    }

    private async Task WriteDifferencesAsync(string path)
    {
        var parts = path.Split(':');
        var (file, stream) = (parts[0], parts.Length > 1 ? parts[1] : "");
        var (old, now) = (await before.ReadAsync(file, stream), await after.ReadAsync(file, stream));
        using var target = new FileStream(volume.At(path), FileMode.Open, FileAccess.ReadWrite);
        if (now.Length < old.Length)
        {
            target.SetLength(now.Length);
        }

        for (var offset = 0; offset < now.Length; offset += BlockBytes)
        {
            var block = now.AsSpan(offset, Math.Min(BlockBytes, now.Length - offset));
            var isSame = offset + block.Length <= old.Length && old.AsSpan(offset, block.Length).SequenceEqual(block);
            if (!isSame)
            {
                target.Position = offset;
                target.Write(block);
            }
        }
    }
}
