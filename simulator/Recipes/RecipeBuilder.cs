using Harness.Engine.Errors;
using Harness.Simulator.Content;
using Harness.Simulator.Volume;

namespace Harness.Simulator.Recipes;

/// <summary>Builds the volume that a recipe describes.</summary>
public sealed class RecipeBuilder
{
    private readonly Recipe _recipe;
    private readonly SimVolume _volume;

    private RecipeBuilder(Recipe recipe, SimVolume volume)
    {
        _recipe = recipe;
        _volume = volume;
    }

    /// <summary>
    /// Builds it: trees, then entries, then the volume's read-only, offline and locked states. What the file system refuses
    /// is RecipeInvalid with the place in the recipe.
    /// </summary>
    /// <param name="recipe">What to build.</param>
    /// <param name="clock">Source of the files' times.</param>
    public static SimVolume Build(Recipe recipe, TimeProvider clock)
    {
        ArgumentNullException.ThrowIfNull(recipe);
        var open = recipe.Volume with { IsReadOnly = false, IsOffline = false, IsLocked = false };
        var volume = new SimVolume(open, clock);
        var builder = new RecipeBuilder(recipe, volume);
        for (var i = 0; i < recipe.Trees.Count; i++)
        {
            var tree = recipe.Trees[i];
            var seed = Mix.Of(Mix.Of(recipe.Seed, "tree"), (ulong)i);
            At(tree.Place.Of("files"), () =>
            {
                if (tree.IsLazy)
                {
                    volume.CreateGeneratedTree(tree.Path, LazyTree.ShapeOf(tree, recipe.Seed, seed), seed);
                }
                else
                {
                    new TreeBuilder(tree, volume, recipe.Seed, seed).Build();
                }
            });
        }

        foreach (var entry in recipe.Entries)
        {
            At(entry.Place.Of("path"), () => builder.Add(entry));
        }

        // Times last, since every entry that is made moves those of its directory.
        foreach (var entry in recipe.Entries.Where(entry => entry.Links > 0 || entry.Times != default))
        {
            At(entry.Place, () => builder.Finish(entry));
        }

        volume.IsReadOnly = recipe.Volume.IsReadOnly;
        volume.IsOffline = recipe.Volume.IsOffline;
        volume.IsLocked = recipe.Volume.IsLocked;
        return volume;
    }

    /// <summary>Runs a step and gives what the file system refuses a place in the recipe.</summary>
    internal static void At(RecipePlace place, Action step)
    {
        try
        {
            step();
        }
        catch (BackupException error) when (
            error.Code is ErrorCode.VolumeFull or ErrorCode.VolumeQuotaExceeded or ErrorCode.VolumeOperationInvalid)
        {
            throw new BackupException(ErrorCode.RecipeInvalid, $"{place}: {error.Message}", error.Remedy, inner: error);
        }
    }

    /// <summary>The profile of content, with the pool of duplicates that a whole recipe shares.</summary>
    internal static ContentProfile ProfileOf(RecipeContent content, ulong recipeSeed) =>
        content.Profile.DuplicatePermille == 0
            ? content.Profile
            : content.Profile with { PoolSeed = Mix.Of(recipeSeed, "pool") };

    private void Add(RecipeEntry entry)
    {
        if (entry.Path.Length > 0)
        {
            _volume.CreateDirectories(VolumePath.Split(entry.Path).Parent);
        }

        switch (entry.Type)
        {
            case RecipeEntryType.HardLink:
                AddLink(entry);
                return;
            case RecipeEntryType.Directory:
                if (entry.Path.Length > 0)
                {
                    _volume.CreateDirectory(entry.Path);
                }

                if (entry.IsCaseSensitive)
                {
                    _volume.SetCaseSensitive(entry.Path);
                }

                SetDirectoryStorage(entry);
                break;
            case RecipeEntryType.ReparsePoint when entry.IsDirectory || entry.Tag == ReparseTags.MountPoint:
                _volume.CreateDirectory(entry.Path);
                break;
            case RecipeEntryType.MountPoint:
                _volume.CreateDirectory(entry.Path);
                _volume.ForceForeign(entry.Path);
                break;
            case RecipeEntryType.Special:
                _volume.CreateFile(entry.Path);
                _volume.ForceForeign(entry.Path);
                break;
            default:
                _volume.CreateFile(entry.Path);
                _volume.ForceState(entry.Path, StreamFlags.None);
                At(entry.Place.Of("duplicateOf", "size", "text"), () => Fill(entry.Path, entry.Data));
                break;
        }

        foreach (var stream in entry.Streams)
        {
            var path = $"{entry.Path}:{stream.Name}";
            At((stream.Place ?? entry.Place).Of("name"), () => _volume.CreateStream(path));
            At((stream.Place ?? entry.Place).Of("duplicateOf", "size", "text"), () => Fill(path, stream));
        }

        At(entry.Place.Of("attributes"), () => Store(entry));
        if (entry.Type == RecipeEntryType.ReparsePoint)
        {
            At(
                entry.Place.Of("reparseData", "target", "tag"),
                () => SetReparsePoint(entry, entry.ReparseData ?? ReparseTags.DataFor(entry.Tag, entry.Target)));
        }

        AddRare(entry);

        if (entry.Security is { } security)
        {
            _volume.SetSecurity(entry.Path, security);
        }

        if (entry.Attributes.File != FileAttributes.None)
        {
            _volume.SetAttributes(entry.Path, entry.Attributes.File);
        }

        if (entry.Attributes.Forced != FileAttributes.None)
        {
            _volume.ForceAttributes(entry.Path, _volume.Get(entry.Path).Attributes | entry.Attributes.Forced);
        }
    }

    private void AddRare(RecipeEntry entry)
    {
        if (entry.ExtendedAttributes.Count > 0)
        {
            At(
                entry.Place.Of("extendedAttributes"),
                () => _volume.ForceExtendedAttributes(entry.Path, entry.ExtendedAttributes));
        }

        if (entry.ObjectId is { } objectId)
        {
            At(entry.Place.Of("objectId"), () => _volume.SetObjectId(entry.Path, objectId));
        }

        if (entry.ShortName is { } shortName)
        {
            At(entry.Place.Of("shortName"), () => _volume.SetShortName(entry.Path, shortName));
        }
    }

    /// <summary>What is wrong with the target is a matter of the target, the rest one of the path.</summary>
    private void AddLink(RecipeEntry entry)
    {
        var isTarget = _volume.Find(entry.Target) is not { IsDirectory: false };
        At(entry.Place.Of(isTarget ? "target" : "path"), () => _volume.CreateHardLink(entry.Path, entry.Target));
    }

    /// <summary>A captured reparse point of a third party has its GUID at the head of its data, as on disk.</summary>
    private void SetReparsePoint(RecipeEntry entry, ReadOnlyMemory<byte> data)
    {
        var guid = entry.ReparseGuid;
        if (guid is null && !ReparseTags.IsMicrosoft(entry.Tag) && entry.ReparseData is not null && data.Length >= 16)
        {
            guid = new Guid(data.Span[..16]);
            data = data[16..];
        }

        if (entry.Force)
        {
            _volume.ForceReparsePoint(entry.Path, entry.Tag, data, guid ?? Guid.Empty);
        }
        else
        {
            _volume.SetReparsePoint(entry.Path, entry.Tag, data, guid ?? Guid.Empty);
        }
    }

    private void Finish(RecipeEntry entry)
    {
        if (entry.Links > 0)
        {
            _volume.ForceLinkCount(entry.Path, Math.Max(entry.Links, _volume.Get(entry.Path).LinkCount));
        }

        if (entry.Times != default)
        {
            _volume.SetTimes(entry.Path, entry.Times);
        }
    }

    private void SetDirectoryStorage(RecipeEntry entry)
    {
        if (entry.Force)
        {
            _volume.ForceState(entry.Path, entry.Attributes.Storage);
            return;
        }

        _volume.SetCompression(entry.Path, entry.Attributes.Storage.HasFlag(StreamFlags.Compressed));
        if (entry.Attributes.Storage.HasFlag(StreamFlags.Encrypted))
        {
            _volume.Encrypt(entry.Path);
        }
    }

    private void Fill(string path, RecipeStream stream)
    {
        if (stream.DuplicateOf.Length > 0)
        {
            foreach (var extent in _volume.GetExtents(stream.DuplicateOf))
            {
                _volume.WriteExtentOf(path, extent);
            }

            return;
        }

        if (stream.Content.Literal is { } literal)
        {
            _volume.Write(path, 0, literal.Span);
            return;
        }

        var seed = Mix.Of(Mix.Of(_recipe.Seed, "content"), path);
        var profile = ProfileOf(stream.Content, _recipe.Seed);
        if (stream.Flags.HasFlag(StreamFlags.Sparse))
        {
            _volume.SetSparse(path);
            _volume.SetEndOfFile(path, stream.Size);
        }

        if (stream.ValidBytes is { } valid)
        {
            _volume.SetEndOfFile(path, stream.Size);
            if (valid > 0)
            {
                _volume.WriteGenerated(path, 0, valid, seed, profile);
            }

            return;
        }

        foreach (var range in stream.Allocated ?? (stream.Size == 0 ? [] : [new(0, stream.Size)]))
        {
            _volume.WriteGenerated(path, range.Offset, range.Length, seed, profile);
        }
    }

    /// <summary>Sets how each stream is stored, the way NTFS would, or by force.</summary>
    private void Store(RecipeEntry entry)
    {
        if (entry.Type is RecipeEntryType.Directory or RecipeEntryType.Special or RecipeEntryType.MountPoint)
        {
            foreach (var stream in entry.Streams)
            {
                _volume.ForceState($"{entry.Path}:{stream.Name}", stream.Flags);
            }

            return;
        }

        var streams = entry.Streams.Select(stream => ($"{entry.Path}:{stream.Name}", stream.Flags))
            .Prepend((entry.Path, entry.Data.Flags)).ToArray();
        if (entry.Force)
        {
            foreach (var (path, flags) in streams.Where(stream => _volume.Find(entry.Path)!.Streams.Count > 0))
            {
                _volume.ForceState(path, flags);
            }

            return;
        }

        if (entry.Data.Flags.HasFlag(StreamFlags.Encrypted))
        {
            _volume.Encrypt(entry.Path);
        }

        foreach (var (path, flags) in streams)
        {
            StoreStream(path, flags);
        }
    }

    private void StoreStream(string path, StreamFlags flags)
    {
        if (flags.HasFlag(StreamFlags.Compressed))
        {
            _volume.SetCompression(path);
        }

        if (flags.HasFlag(StreamFlags.Encrypted) && path.Contains(':', StringComparison.Ordinal))
        {
            _volume.ForceState(path, flags);
        }
    }
}
