using Harness.Engine.Errors;
using Harness.Simulator.Content;

namespace Harness.Simulator.Volume;

/// <summary>Regular trees of any size: generated, which costs nothing until somebody looks, or made entry by entry.</summary>
public sealed partial class SimVolume
{
    /// <summary>Records that the directories above a tree may take, and those up to the next page.</summary>
    private const int RecordsAside = 1 << 16;

    /// <summary>
    /// Generates a tree in a directory without making its entries: memory and time are the same for ten files and for a
    /// billion. Whatever is asked of it later, it answers as if every entry had been made one after the other at this
    /// moment: counts, used bytes, names, references, times, content. What is changed becomes ordinary; the rest stays as it is,
    /// in the volume, its snapshots and their differences. Only a difference from a snapshot before this moment makes them all.
    /// </summary>
    /// <param name="path">An empty directory; it and those above it are made if missing. "" is the root.</param>
    /// <param name="shape">How the tree looks.</param>
    /// <param name="seed">Seed of sizes, extensions and content.</param>
    /// <returns>The top directory.</returns>
    /// <exception cref="BackupException">
    /// VolumeOperationInvalid: a shape that cannot be, a directory that is not empty or encrypts, an active change journal (no
    /// entry is made that could be journaled). VolumeFull: the files need more than is free.
    /// </exception>
    public FileReference CreateGeneratedTree(string path, TreeShape shape, ulong seed)
    {
        var plan = PlanTree(path, shape, seed);
        if (Journal.IsActive)
        {
            throw VolumeError.Refused(
                path,
                "the change journal is active, and a generated tree makes no entries that it could record",
                "Generate the tree before the journal is made, or make it entry by entry (CreateTree).");
        }

        if ((plan.FileAttributes & FileAttributes.Encrypted) != FileAttributes.None)
        {
            throw VolumeError.Refused(
                path,
                "the directory encrypts what is made in it, and every encrypted file needs a key of its own",
                "Generate the tree elsewhere, or make it entry by entry (CreateTree).");
        }

        var entries = shape.Files + shape.Directories - 1;
        if (entries + _nextIndex + RecordsAside > uint.MaxValue || entries > Tables.Names.GeneratedRoom)
        {
            throw VolumeError.Refused(
                path, $"a volume has room for 2^32 file records and 2^31 generated names, and the tree has {entries}",
                "Make the tree smaller.");
        }

        var top = (uint)CreateDirectories(path).Index;
        var firstPage = (_nextIndex + (uint)RecordRoot.Fan - 1) / RecordRoot.Fan;
        var firstTick = Tick();
        var origin = new GeneratedOrigin(
            Tables, Folds, seed, top, firstPage, Tables.Names.Reserve(entries), firstTick, plan.DirectoryAttributes,
            plan.FileAttributes, Records.Get(top).SecurityId, plan.ProfileId);
        var tree = new GeneratedTree(shape, plan.Sizes, origin);
        Tables.Names.Add(tree);
        _lastTick = firstTick + Math.Max(entries - 1, 0);
        _nextIndex = tree.EndPage * RecordRoot.Fan;
        _used += plan.Sizes.Allocated(0, shape.Files);
        _files += shape.Files;
        _directories += shape.Directories - 1;
        if (entries > 0)
        {
            _tree.Place(tree);
            ref var record = ref _tree.Edit(top);
            record.Extra = record.Extra! with { Children = tree.ChildrenOf(0) };
            TouchList(top, tree.ListTimeOf(0));
        }

        Watcher?.OnChanged();
        return ReferenceOf(top);
    }

    /// <summary>
    /// Makes the same tree entry by entry: what <see cref="CreateGeneratedTree"/> is held against, and the way where it
    /// refuses (an active change journal, a directory that encrypts).
    /// </summary>
    /// <param name="path">An empty directory; it and those above it are made if missing. "" is the root.</param>
    /// <param name="shape">How the tree looks.</param>
    /// <param name="seed">Seed of sizes, extensions and content.</param>
    /// <returns>The top directory.</returns>
    public FileReference CreateTree(string path, TreeShape shape, ulong seed)
    {
        var plan = PlanTree(path, shape, seed);
        var numbers = new TreeNumbers(shape.Files, shape.Directories, shape.FanOut);
        var top = (uint)CreateDirectories(path).Index;
        var made = new List<uint> { top };
        for (long number = 1; number < shape.Directories; number++)
        {
            var record = new FileRecord
            {
                Attributes = plan.DirectoryAttributes,
                Extra = FileExtra.None with { Children = new DirectoryTree(Tables.Names, Folds, _tree.Epoch) },
            };
            var name = GeneratedTree.NameOf(shape, isDirectory: true, number, seed);
            made.Add((uint)Add(made[(int)numbers.ParentOf(number)], name, record, seed: 0, isDirectory: true).Index);
        }

        for (long number = 0; number < shape.Files; number++)
        {
            var record = new FileRecord
            {
                Attributes = plan.FileAttributes,
                Size = plan.Sizes.Of(number),
                ProfileId = plan.ProfileId,
            };
            var name = GeneratedTree.NameOf(shape, isDirectory: false, number, seed);
            Charge(path, plan.Sizes.Allocated(number, number + 1));
            Add(made[(int)numbers.DirectoryOf(number)], name, record, GeneratedTree.ContentSeed(seed, number), isDirectory: false);
        }

        return ReferenceOf(top);
    }

    /// <summary>Checks all that can be wrong before anything is made.</summary>
    private TreePlan PlanTree(string path, TreeShape shape, ulong seed)
    {
        RequireWritable(path);
        ArgumentNullException.ThrowIfNull(path);
        ArgumentNullException.ThrowIfNull(shape);
        if (shape.WhyInvalid(Settings) is var (field, rule))
        {
            throw VolumeError.Refused(path, $"{field} of the shape is wrong: {rule}", $"Correct {field}.");
        }

        if (Find(path) is { } present && (!present.IsDirectory || present.ReparseTag is not null || List(path).Any()))
        {
            throw VolumeError.Refused(
                path, "a tree is made in a directory that is empty and no reparse point, and this is not one", "Name another one.");
        }

        var above = path;
        while (Locate(above) is null)
        {
            above = VolumePath.Split(above).Parent;
        }

        var inherited = Records.Get(Locate(above)!.Value.Index).Attributes & (FileAttributes.Compressed | FileAttributes.Encrypted);
        var attributes = FileAttributes.Archive | inherited | shape.Attributes;
        var profileId = Tables.Profiles.Intern(shape.Content);
        var sizes = new SizeTable(shape.Sizes, Allocated, Mix.Of(seed, "sizes"));
        var needed = sizes.Allocated(0, shape.Files);
        return needed <= FreeBytes
            ? new TreePlan(FileAttributes.Directory | inherited, attributes, profileId, sizes)
            : throw VolumeError.Full(path, needed, FreeBytes);

        long Allocated(long size)
        {
            var record = new FileRecord { Attributes = attributes, Size = size, ProfileId = profileId };
            return Stream(in record, "")!.AllocatedBytes;
        }
    }

    private sealed record TreePlan(
        FileAttributes DirectoryAttributes, FileAttributes FileAttributes, ushort ProfileId, SizeTable Sizes);
}
