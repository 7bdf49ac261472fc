using System.Buffers;
using System.Text;
using Harness.Engine.Errors;

namespace Harness.Simulator.Volume;

/// <summary>
/// Names as UTF-8 (WTF-8 for lone surrogates) in append-only chunks: a length, then the bytes. A reference is half the byte
/// position, so it reaches 8 GiB. Names are never freed; snapshots may still show them. One writer; readers of references
/// that were handed out need no lock.
/// </summary>
internal sealed class NameStore
{
    private const int ChunkBytes = 1 << 20;
    private const int MaxNameBytes = WindowsNames.MaxUnits * 3;

    private readonly byte[]?[] _chunks = new byte[8192][];
    private long _end;

    public long UsedBytes => _end;

    public uint Add(ReadOnlySpan<char> name)
    {
        Span<byte> bytes = stackalloc byte[MaxNameBytes];
        var length = Encode(name, bytes);
        var needed = length + 2;
        if ((_end % ChunkBytes) + needed > ChunkBytes)
        {
            _end = (_end + ChunkBytes - 1) / ChunkBytes * ChunkBytes;
        }

        var index = (int)(_end / ChunkBytes);
        Invariant.Require(index < _chunks.Length);
        var chunk = _chunks[index] ??= new byte[ChunkBytes];
        var at = (int)(_end % ChunkBytes);
        var start = _end;
        if (length < 255)
        {
            chunk[at++] = (byte)length;
            _end += 1 + length;
        }
        else
        {
            chunk[at++] = 255;
            chunk[at++] = (byte)length;
            chunk[at++] = (byte)(length >> 8);
            _end += 3 + length;
        }

        bytes[..length].CopyTo(chunk.AsSpan(at));
        _end += _end & 1;
        return (uint)(start / 2);
    }

    public string Get(uint reference)
    {
        var bytes = Bytes(reference);
        Span<char> units = stackalloc char[WindowsNames.MaxUnits + 1];
        return new string(units[..Decode(bytes, units)]);
    }

    /// <summary>Compares a stored name, folded when asked, with a key that is folded already.</summary>
    public int Compare(uint reference, ReadOnlySpan<char> key, bool fold)
    {
        var bytes = Bytes(reference);
        var common = Math.Min(bytes.Length, key.Length);
        for (var i = 0; i < common; i++)
        {
            var unit = bytes[i];
            if (unit >= 0x80)
            {
                return CompareDecoded(bytes, key, fold);
            }

            var character = fold && unit is >= (byte)'a' and <= (byte)'z' ? (char)(unit - 32) : (char)unit;
            if (character != key[i])
            {
                return character - key[i];
            }
        }

        return bytes.Length > common && bytes[common] >= 0x80
            ? CompareDecoded(bytes, key, fold)
            : bytes.Length - key.Length;
    }

    /// <summary>Ordinal order of UTF-16 units of two stored names.</summary>
    public int CompareOrdinal(uint left, uint right)
    {
        var a = Bytes(left);
        var b = Bytes(right);
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

    private static int CompareDecoded(ReadOnlySpan<byte> bytes, ReadOnlySpan<char> key, bool fold)
    {
        Span<char> units = stackalloc char[WindowsNames.MaxUnits + 1];
        var name = units[..Decode(bytes, units)];
        if (fold)
        {
            FoldEach(name, name);
        }

        return ((ReadOnlySpan<char>)name).SequenceCompareTo(key);
    }

    private ReadOnlySpan<byte> Bytes(uint reference)
    {
        var position = (long)reference * 2;
        var chunk = _chunks[(int)(position / ChunkBytes)]!;
        var at = (int)(position % ChunkBytes);
        int length = chunk[at++];
        if (length == 255)
        {
            length = chunk[at] | (chunk[at + 1] << 8);
            at += 2;
        }

        return chunk.AsSpan(at, length);
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
