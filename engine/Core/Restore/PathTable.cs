using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using Harness.Engine.Backup;
using Harness.Engine.Crypto;
using Harness.Engine.Errors;
using Harness.Engine.Format;
using Harness.Engine.Model;
using Harness.Engine.Ports;
using Harness.Engine.State;
using Harness.Engine.Tables;

namespace Harness.Engine.Restore;

/// <summary>
/// The entries of a recovery point by path, in a sorted table of a temporary scratch location: so a list of millions takes no
/// memory. One logical thread.
/// </summary>
internal sealed class PathTable : IDisposable
{
    private const string Name = "paths";
    private const long SorterBytes = 16 << 20;
    private const long CacheBytes = 4 << 20;

    private readonly TableSet _table;

    private PathTable(Table table, IReadOnlyList<FailedItem> refused)
    {
        _table = new TableSet([table]);
        Refused = refused;
    }

    /// <summary>What has a name, or a parent with a name, that could lead out of a target; it is not in the table.</summary>
    public IReadOnlyList<FailedItem> Refused { get; }

    /// <summary>Makes the table; VaultBlobDamaged for a state that is no tree, or holds a path twice.</summary>
    public static async ValueTask<PathTable> BuildAsync(
        SourceState state, PathTree tree, IScratch scratch, KeyRing keys, IRandomSource random, CancellationToken cancellationToken)
    {
        var refused = new List<FailedItem>();
        using var sorter = new TableSorter(scratch, keys, random, Name + "-sort-", SorterBytes);
        await foreach (var entry in state.EntriesAsync(cancellationToken))
        {
            var first = entry.Kind == EntryKind.File ? FirstData.Of(entry) : null;
            foreach (var name in entry.Names.Select(name => (EntryName?)name).Prepend(null))
            {
                if (TryPathOf(tree, entry, name, refused) is { } path)
                {
                    var item = new RestoreItem(
                        path, entry.FileReference, entry.Kind, entry.Streams.Sum(stream => stream.SizeBytes))
                    {
                        First = first,
                    };
                    await sorter.AddAsync([.. KeyOf(path), .. ReferenceOf(item.FileReference)], Encode(item), cancellationToken);
                }
            }
        }

        using var writer = await TableWriter.CreateAsync(scratch, Name, keys, random, cancellationToken);
        byte[] last = [];
        for (var cursor = sorter.Sorted(); await cursor.NextAsync(cancellationToken);)
        {
            var key = cursor.Current.Key[..^sizeof(ulong)];
            if (last.AsSpan().SequenceEqual(key.Span))
            {
                throw new BackupException(
                    ErrorCode.VaultBlobDamaged,
                    $"The recovery point holds '{WireText.Decode(last.AsSpan(0, last.Length - 1))}' twice.",
                    "Restore another recovery point.");
            }

            last = key.ToArray();
            await writer.AddAsync(cursor.Current, cancellationToken);
        }

        await writer.FinishAsync(cancellationToken, durable: false);
        await sorter.DeleteSpillsAsync(cancellationToken);
        return new PathTable(
            await Table.OpenAsync(scratch, new TableCache(CacheBytes), Name, keys, cancellationToken), refused);
    }

    /// <summary>The entry of a path, or null.</summary>
    public async ValueTask<RestoreItem?> FindAsync(string path, CancellationToken cancellationToken)
    {
        await foreach (var record in _table.WithPrefixAsync(KeyOf(path), cancellationToken))
        {
            return Decode(record);
        }

        return null;
    }

    /// <summary>Everything below a directory, or everything there is for "", in the order of paths.</summary>
    public async IAsyncEnumerable<RestoreItem> BelowAsync(
        string directory, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var prefix = directory.Length == 0 ? [] : WireText.Encode(directory + "/");
        await foreach (var record in _table.WithPrefixAsync(prefix, cancellationToken))
        {
            yield return Decode(record);
        }
    }

    public void Dispose() => _table.Dispose();

    private static string? TryPathOf(PathTree tree, EntryRecord entry, EntryName? name, List<FailedItem> refused)
    {
        try
        {
            return name is { } further ? tree.PathOf(further) : tree.PathOf(entry);
        }
        catch (BackupException error) when (error.Code == ErrorCode.TargetEscape)
        {
            refused.Add(new FailedItem(tree.ShownPathOf(entry), "target-escape", error.Message, Failures.OrdinaryClause));
            return null;
        }
    }

    /// <summary>Names hold no NUL, so a path ends at the first.</summary>
    private static byte[] KeyOf(string path) => [.. WireText.Encode(path), 0];

    private static byte[] ReferenceOf(ulong reference)
    {
        var bytes = new byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, reference);
        return bytes;
    }

    private static byte[] Encode(in RestoreItem item)
    {
        var output = new WireWriter(64);
        output.U8((byte)item.Kind);
        output.VarInt(item.SizeBytes);
        item.First?.Encode(output);
        return output.ToArray();
    }

    private static RestoreItem Decode(in TableRecord record)
    {
        var reader = new WireReader(record.Payload.Span);
        var key = record.Key.Span;
        var kind = (EntryKind)reader.U8();
        return new RestoreItem(
            WireText.Decode(key[..^(sizeof(ulong) + 1)]),
            BinaryPrimitives.ReadUInt64BigEndian(key[^sizeof(ulong)..]),
            kind,
            reader.Count(long.MaxValue))
        {
            First = kind == EntryKind.File ? FirstData.Decode(ref reader) : null,
        };
    }
}
