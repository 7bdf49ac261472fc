using System.Buffers;
using System.Numerics;
using System.Text;
using Harness.Engine.Errors;

namespace Harness.Simulator.Volume;

/// <summary>
/// Names as UTF-8 (WTF-8 for lone surrogates) in append-only chunks: a length, then the bytes. A reference is half the byte
/// position, so the lower half of them reaches 4 GiB; the upper half are names that a <see cref="GeneratedTree"/> composes
/// whenever they are asked for. Names are never freed; snapshots may still show them. One writer; readers of references that
/// were handed out need no lock.
/// </summary>
internal sealed class NameStore
{
    private const int ChunkBytes = 1 << 20;

    /// <summary>What a chunk begins with: most volumes of a search have a handful of names.</summary>
    private const int FirstBytes = 1 << 12;

    private const int MaxNameBytes = WindowsNames.MaxUnits * 3;

    /// <summary>Most bytes of a name whose length takes one byte.</summary>
    private const int ShortNameBytes = 254;

    /// <summary>References from here on are composed.</summary>
    private const uint FirstGenerated = 0x8000_0000;

    private readonly byte[]?[] _chunks = new byte[4096][];
    private GeneratedTree[] _generated = [];
    private long _end;
    private uint _generatedEnd = FirstGenerated;

    public long UsedBytes => _end;

    /// <summary>How many composed names there is room for.</summary>
    public uint GeneratedRoom => uint.MaxValue - _generatedEnd;

    public uint Add(ReadOnlySpan<char> name)
    {
        if (name.Length <= ShortNameBytes)
        {
            var start = _end;
            var target = Room(name.Length + 2, out var at);
            if (Ascii.FromUtf16(name, target.AsSpan(at + 1, name.Length), out _) == OperationStatus.Done)
            {
                return Finish(target, at, name.Length, 1);
            }

            _end = start;
        }

        return AddEncoded(name);
    }

    /// <summary>Sets references aside for the names of a generated tree and returns the first.</summary>
    public uint Reserve(long names)
    {
        Invariant.Require(names <= GeneratedRoom);
        var first = _generatedEnd;
        _generatedEnd += (uint)names;
        return first;
    }

    /// <summary>Takes in a tree, whose names can be asked for from now on.</summary>
    public void Add(GeneratedTree tree) => Volatile.Write(ref _generated, [.. _generated, tree]);

    public string Get(uint reference)
    {
        Span<byte> space = stackalloc byte[GeneratedTree.MaxNameBytes];
        var bytes = Bytes(reference, space);
        Span<char> units = stackalloc char[WindowsNames.MaxUnits + 1];
        return new string(units[..Decode(bytes, units)]);
    }

    /// <summary>Whether a stored name is exactly the given one.</summary>
    public bool IsExactly(uint reference, ReadOnlySpan<char> name)
    {
        Span<byte> space = stackalloc byte[GeneratedTree.MaxNameBytes];
        var bytes = Bytes(reference, space);
        return Ascii.Equals(bytes, name) || (!Ascii.IsValid(bytes) && Get(reference).AsSpan().SequenceEqual(name));
    }

    /// <summary>Compares a stored name, folded when asked, with a key that is folded already.</summary>
    public int Compare(uint reference, ReadOnlySpan<char> key, bool fold) =>
        reference >= FirstGenerated ? CompareComposed(reference, key, fold)
        : NameOrder.Compare(Stored(reference), key, fold, out var order) ? order
        : CompareDecoded(reference, key, fold);

    private int CompareComposed(uint reference, ReadOnlySpan<char> key, bool fold)
    {
        Span<byte> space = stackalloc byte[GeneratedTree.MaxNameBytes];
        NameOrder.Compare(Bytes(reference, space), key, fold, out var order);
        return order;
    }

    /// <summary>Ordinal order of UTF-16 units of two stored names.</summary>
    public int CompareOrdinal(uint left, uint right)
    {
        Span<byte> spaceA = stackalloc byte[GeneratedTree.MaxNameBytes];
        Span<byte> spaceB = stackalloc byte[GeneratedTree.MaxNameBytes];
        var a = Bytes(left, spaceA);
        var b = Bytes(right, spaceB);
        var at = a.CommonPrefixLength(b);
        if (at == a.Length || at == b.Length)
        {
            return a.Length - b.Length;
        }

        // UTF-8 and UTF-16 order agree except around the surrogates, whose lead bytes are 0xED and above.
        return a[at] >= 0xED || b[at] >= 0xED ? string.CompareOrdinal(Get(left), Get(right)) : a[at] - b[at];
    }

    /// <summary>The volume's upper-case table applied to one name: simple mappings, one unit to one unit, as $UpCase.</summary>
    public static void Fold(ReadOnlySpan<char> name, Span<char> folded)
    {
        if (Ascii.ToUpper(name, folded, out _) == OperationStatus.Done)
        {
            return;
        }

        FoldEach(name, folded);
    }

    /// <summary>Unit by unit, so that the two may be the same.</summary>
    private static void FoldEach(ReadOnlySpan<char> name, Span<char> folded)
    {
        for (var i = 0; i < name.Length; i++)
        {
            folded[i] = char.ToUpperInvariant(name[i]);
        }
    }

    private int CompareDecoded(uint reference, ReadOnlySpan<char> key, bool fold)
    {
        Span<byte> space = stackalloc byte[GeneratedTree.MaxNameBytes];
        Span<char> units = stackalloc char[WindowsNames.MaxUnits + 1];
        var name = units[..Decode(Bytes(reference, space), units)];
        if (fold)
        {
            FoldEach(name, name);
        }

        return ((ReadOnlySpan<char>)name).SequenceCompareTo(key);
    }

    /// <summary>The bytes of a name; composed ones are put into <paramref name="space"/>.</summary>
    private ReadOnlySpan<byte> Bytes(uint reference, Span<byte> space) =>
        reference >= FirstGenerated ? space[..Owner(reference).WriteName(reference, space)] : Stored(reference);

    private ReadOnlySpan<byte> Stored(uint reference)
    {
        var position = (ulong)reference * 2;
        var chunk = _chunks[position / ChunkBytes]!;
        var at = (int)(position % ChunkBytes);
        int length = chunk[at++];
        if (length == 255)
        {
            length = chunk[at] | (chunk[at + 1] << 8);
            at += 2;
        }

        return chunk.AsSpan(at, length);
    }

    /// <summary>The last tree whose first reference is not above this one.</summary>
    private GeneratedTree Owner(uint reference)
    {
        var trees = Volatile.Read(ref _generated);
        var low = 0;
        var high = trees.Length;
        while (high - low > 1)
        {
            var middle = (low + high) / 2;
            (low, high) = trees[middle].FirstName <= reference ? (middle, high) : (low, middle);
        }

        return trees[low];
    }

    private uint AddEncoded(ReadOnlySpan<char> name)
    {
        Span<byte> bytes = stackalloc byte[MaxNameBytes];
        var length = Encode(name, bytes);
        var prefix = length <= ShortNameBytes ? 1 : 3;
        var target = Room(length + prefix + 1, out var at);
        bytes[..length].CopyTo(target.AsSpan(at + prefix));
        return Finish(target, at, length, prefix);
    }

    /// <summary>A chunk with so much room at the end of the names; a name does not cross chunks.</summary>
    private byte[] Room(int bytes, out int at)
    {
        if ((_end % ChunkBytes) + bytes > ChunkBytes)
        {
            _end = (_end + ChunkBytes - 1) / ChunkBytes * ChunkBytes;
        }

        var index = (int)(_end / ChunkBytes);
        Invariant.Require(index < _chunks.Length);
        at = (int)(_end % ChunkBytes);
        return Grown(ref _chunks[index], at + bytes);
    }

    /// <summary>A chunk of that length at least. Who holds the shorter one still finds every name that it knows of.</summary>
    private static byte[] Grown(ref byte[]? chunk, int lengthBytes)
    {
        if (chunk is null || chunk.Length < lengthBytes)
        {
            var grown = new byte[Math.Min(ChunkBytes, Math.Max(FirstBytes, (int)BitOperations.RoundUpToPowerOf2((uint)lengthBytes)))];
            chunk?.CopyTo(grown, 0);
            Volatile.Write(ref chunk, grown);
        }

        return chunk;
    }

    private uint Finish(byte[] chunk, int at, int length, int prefix)
    {
        if (prefix == 1)
        {
            chunk[at] = (byte)length;
        }
        else
        {
            chunk[at] = 255;
            chunk[at + 1] = (byte)length;
            chunk[at + 2] = (byte)(length >> 8);
        }

        var start = _end;
        _end += prefix + length;
        _end += _end & 1;
        return (uint)(start / 2);
    }

    private static int Encode(ReadOnlySpan<char> name, Span<byte> bytes)
    {
        if (Ascii.FromUtf16(name, bytes, out var at) == OperationStatus.Done)
        {
            return at;
        }

        at = 0;
        while (!name.IsEmpty)
        {
            if (Rune.DecodeFromUtf16(name, out var rune, out var consumed) == OperationStatus.Done)
            {
                at += rune.EncodeToUtf8(bytes[at..]);
            }
            else
            {
                var unit = name[0];
                consumed = 1;
                bytes[at++] = (byte)(0xE0 | (unit >> 12));
                bytes[at++] = (byte)(0x80 | ((unit >> 6) & 0x3F));
                bytes[at++] = (byte)(0x80 | (unit & 0x3F));
            }

            name = name[consumed..];
        }

        return at;
    }

    private static int Decode(ReadOnlySpan<byte> bytes, Span<char> units)
    {
        var count = 0;
        while (!bytes.IsEmpty)
        {
            if (Rune.DecodeFromUtf8(bytes, out var rune, out var consumed) == OperationStatus.Done)
            {
                count += rune.EncodeToUtf16(units[count..]);
            }
            else
            {
                consumed = 3;
                units[count++] = (char)(((bytes[0] & 0x0F) << 12) | ((bytes[1] & 0x3F) << 6) | (bytes[2] & 0x3F));
            }

            bytes = bytes[consumed..];
        }

        return count;
    }
}
