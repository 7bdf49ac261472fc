using Harness.Engine.Errors;
using Harness.Simulator.Content;
using Harness.Simulator.Volume;

namespace Harness.Simulator.Recipes;

/// <summary>Applies a set of edits to a live volume.</summary>
internal sealed class RecipeEditor(Recipe recipe, SimVolume volume, ulong seed)
{
    private const int PageBytes = 4096;

    private readonly SeededSequence _random = new(seed);

    public void Apply(IReadOnlyList<RecipeEdit> edits)
    {
        foreach (var edit in edits)
        {
            RecipeBuilder.At(edit.Place.Of("path"), () => Apply(edit));
        }
    }

    private void Apply(RecipeEdit edit)
    {
        if (edit.Pick == 0)
        {
            ApplyTo(edit.Path, edit);
            return;
        }

        var files = volume.Walk(edit.Path).Where(IsPlainFile).Select(entry => entry.Path).ToList();
        if (files.Count < edit.Pick)
        {
            throw new BackupException(
                ErrorCode.RecipeInvalid,
                $"{edit.Place.Of("pick")}: {edit.Pick} files are to be picked below '{edit.Path}', and there are {files.Count}.",
                "Pick fewer.");
        }

        for (var i = 0; i < edit.Pick; i++)
        {
            var at = _random.Below(files.Count);
            ApplyTo(files[at], edit);
            files.RemoveAt(at);
        }
    }

    private static bool IsPlainFile(VolumeEntry entry) =>
        entry is { IsDirectory: false, LinkCount: 1, ReparseTag: null }
        && (entry.Attributes & FileAttributes.ReadOnly) == FileAttributes.None;

    private void ApplyTo(string path, RecipeEdit edit)
    {
        switch (edit.Action)
        {
            case "write":
                Write(path, edit.Offset, edit);
                break;
            case "append":
                Write(path, volume.Stream(path).Size, edit);
                break;
            case "insert":
                volume.InsertGenerated(path, edit.Offset, edit.Size, _random.Next(), Profile(edit));
                break;
            case "overwrite":
                Overwrite(path, edit);
                break;
            case "truncate":
                volume.SetEndOfFile(path, edit.Size);
                break;
            case "zero":
                volume.ZeroRange(path, edit.Offset, edit.Size);
                break;
            case "rename":
                volume.CreateDirectories(VolumePath.Split(edit.To).Parent);
                volume.Rename(path, edit.To);
                break;
            case "delete":
                DeleteAny(path);
                break;
            case "create":
                Create(path, edit);
                break;
            case "touch":
                volume.Touch(path);
                break;
            case "link":
                volume.CreateDirectories(VolumePath.Split(edit.To).Parent);
                volume.CreateHardLink(edit.To, path);
                break;
            case "set-attributes":
                volume.SetAttributes(path, edit.Attributes.File);
                break;
            default:
                ApplyState(path, edit);
                break;
        }
    }

    /// <summary>Actions on how a file is stored, and on its rarer metadata.</summary>
    private void ApplyState(string path, RecipeEdit edit)
    {
        switch (edit.Action)
        {
            case "set-sparse":
                volume.SetSparse(path);
                break;
            case "compress" or "decompress":
                volume.SetCompression(path, edit.Action == "compress");
                break;
            case "encrypt":
                volume.Encrypt(path);
                break;
            case "decrypt":
                volume.Decrypt(path);
                break;
            case "set-short-name":
                volume.SetShortName(path, edit.To);
                break;
            case "set-object-id" when edit.ObjectId is { } objectId:
                volume.SetObjectId(path, objectId);
                break;
            case "set-object-id":
                volume.CreateOrGetObjectId(path);
                break;
            case "delete-object-id":
                volume.DeleteObjectId(path);
                break;
            case "set-extended-attributes":
                volume.SetExtendedAttributes(path, edit.ExtendedAttributes);
                break;
            case "set-case-sensitive" or "clear-case-sensitive":
                volume.SetCaseSensitive(path, edit.Action == "set-case-sensitive");
                break;
            case "set-valid-data":
                volume.SetValidData(path, edit.Size);
                break;
            default:
                volume.SetAllocationSize(path, edit.Size);
                break;
        }
    }

    private void DeleteAny(string path)
    {
        if (!path.Contains(':', StringComparison.Ordinal) && volume.Get(path) is { IsDirectory: true, ReparseTag: null })
        {
            volume.DeleteTree(path);
        }
        else
        {
            volume.Delete(path);
        }
    }

    private void Create(string path, RecipeEdit edit)
    {
        volume.CreateDirectories(VolumePath.Split(path).Parent);
        volume.CreateFile(path);
        if (edit.Size > 0 || edit.Content.Literal is not null)
        {
            Write(path, 0, edit);
        }
    }

    private void Write(string path, long offset, RecipeEdit edit)
    {
        if (edit.Content.Literal is { } literal)
        {
            volume.Write(path, offset, literal.Span);
        }
        else if (edit.Size > 0)
        {
            volume.WriteGenerated(path, offset, edit.Size, _random.Next(), Profile(edit));
        }
    }

    /// <summary>Overwrites exactly the asked share of the pages, rounded up, each page once.</summary>
    private void Overwrite(string path, RecipeEdit edit)
    {
        var size = volume.Stream(path).Size;
        var pages = (size + PageBytes - 1) / PageBytes;
        var wanted = (long)Math.Ceiling(pages * (decimal)edit.Percent / 100);
        var swapped = new Dictionary<long, long>();
        for (long i = 0; i < wanted; i++)
        {
            // One step of Fisher and Yates on a list that is kept only where it differs from 0, 1, 2, ...
            var at = i + _random.Below(pages - i);
            var page = swapped.GetValueOrDefault(at, at);
            swapped[at] = swapped.GetValueOrDefault(i, i);
            var offset = page * PageBytes;
            volume.WriteGenerated(path, offset, Math.Min(PageBytes, size - offset), _random.Next(), Profile(edit));
        }
    }

    private ContentProfile Profile(RecipeEdit edit) => RecipeBuilder.ProfileOf(edit.Content, recipe.Seed);
}
