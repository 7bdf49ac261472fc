using System.Buffers.Binary;
using Harness.Engine.Crypto;
using Harness.Engine.Format;
using Harness.Engine.Ports;
using Harness.Engine.Tables;

namespace Harness.Engine.Check;

/// <summary>
/// How many names of a state stand for two entries of one directory or more, kept up to date by what changes, in tables of a
/// temporary scratch location. One logical thread.
/// </summary>
internal sealed class NameTwins(IScratch scratch, KeyRing keys, IRandomSource random, string namePrefix) : IDisposable
{
    private const long SorterBytes = 8 << 20;

    private readonly LayeredTables _names = new(scratch, keys, random, namePrefix);
    private TableSorter? _changes;
    private int _rounds;

    /// <summary>Names that more than one entry has, by the changes applied so far.</summary>
    public long Count { get; private set; }

    /// <summary>Notes that an entry has a name, or has it no more. Of one entry and name the last call counts.</summary>
    public ValueTask AddAsync(EntryName name, ulong fileReference, bool hasIt, CancellationToken cancellationToken)
    {
        _changes ??= new TableSorter(scratch, keys, random, $"{namePrefix}-sort-{_rounds++}-", SorterBytes);
        return _changes.AddAsync(KeyOf(name, fileReference), hasIt ? [] : null, cancellationToken);
    }

    /// <summary>Takes in what was noted.</summary>
    public async ValueTask ApplyAsync(CancellationToken cancellationToken)
    {
        if (_changes is null)
        {
            return;
        }

        var before = _names.Set;
        var entries = new HashSet<ulong>();
        byte[]? name = null;
        var had = 0;
        using var writer = await _names.BeginAsync(cancellationToken);
        for (var cursor = _changes.Sorted(); await cursor.NextAsync(cancellationToken);)
        {
            var record = cursor.Current;
            if (name is null || !record.Key.Span[..^sizeof(ulong)].SequenceEqual(name))
            {
                Close();
                name = record.Key[..^sizeof(ulong)].ToArray();
                await foreach (var known in before.WithPrefixAsync(name, cancellationToken))
                {
                    entries.Add(ReferenceOf(known.Key.Span));
                }

                had = entries.Count;
            }

            _ = record.IsDeleted ? entries.Remove(ReferenceOf(record.Key.Span)) : entries.Add(ReferenceOf(record.Key.Span));
            await writer.AddAsync(record, cancellationToken);
        }

        Close();
        await _names.AddAsync(writer, cancellationToken);
        await _changes.DeleteSpillsAsync(cancellationToken);
        _changes.Dispose();
        _changes = null;

        void Close()
        {
            Count += (entries.Count > 1 ? 1 : 0) - (had > 1 ? 1 : 0);
            entries.Clear();
            had = 0;
        }
    }

    public void Dispose()
    {
        _changes?.Dispose();
        _names.Dispose();
    }

    /// <summary>Directory, name with its length, so that none is the beginning of another, and entry.</summary>
    private static byte[] KeyOf(EntryName name, ulong fileReference)
    {
        var output = new WireWriter(64);
        output.U64(name.Parent);
        output.Text(name.Name);
        Span<byte> reference = stackalloc byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64BigEndian(reference, fileReference);
        output.Raw(reference);
        return output.ToArray();
    }

    private static ulong ReferenceOf(ReadOnlySpan<byte> key) => BinaryPrimitives.ReadUInt64BigEndian(key[^sizeof(ulong)..]);
}
