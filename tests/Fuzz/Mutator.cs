using System.Buffers.Binary;
using System.Text;

namespace Harness.Tests.Fuzz;

/// <summary>
/// Alters inputs in the ways that break parsers: numbers at the edges of their width and of the format's limits, in every form that a
/// number has, words of the formats, pieces cut, doubled and put together. All from one seed. One thread.
/// </summary>
internal sealed class Mutator(int seed)
{
    private const int MostChanges = 4;
    private const int LongestInput = 64 << 10;
    private const int LongestPiece = 64;

    private static readonly ulong[] Numbers =
    [
        0, 1, 2, 3, 15, 16, 17, 32, 63, 64, 127, 128, 255, 256, 4095, 4096, 4097, 65_535, 65_536, 65_537, 1_048_575, 1_048_576, 1_048_577,
        10_000_000, 10_000_001, 64UL << 20, (64UL << 20) + 1, 80UL << 20, 256UL << 20, (256UL << 20) + 1, int.MaxValue, 1UL << 31, uint.MaxValue,
        1UL << 32, 1UL << 40, 1UL << 62, long.MaxValue, 1UL << 63, ulong.MaxValue - 1, ulong.MaxValue,
    ];

    private static readonly byte[][] Words =
    [
        "HVLT"u8.ToArray(), "HPAK"u8.ToArray(), "HPAE"u8.ToArray(), "HTBL"u8.ToArray(), "null"u8.ToArray(), "[]"u8.ToArray(), "{}"u8.ToArray(),
        "[null]"u8.ToArray(), "{\"a\":null}"u8.ToArray(), "[[0]]"u8.ToArray(), "[[null]]"u8.ToArray(), "-1"u8.ToArray(), "1e999"u8.ToArray(), "0.5"u8.ToArray(), "true"u8.ToArray(),
        "9223372036854775807"u8.ToArray(), "9223372036854775808"u8.ToArray(), "\"\""u8.ToArray(), "\"\\ud800\""u8.ToArray(), "\"\\u0000\""u8.ToArray(),
        "\"9999-12-31T23:59:59.9999999-14:00\""u8.ToArray(), "\"0001-01-01T00:00:00+14:00\""u8.ToArray(), ".."u8.ToArray(), "/"u8.ToArray(), [0], [0xFF], [0xED, 0xA0, 0x80], [0xED, 0xBF, 0xBF],
        [0xC0, 0x80], [0xF0, 0x9F, 0x97, 0x82], [0xEF, 0xBB, 0xBF], Encoding.ASCII.GetBytes(new string('[', 200)), Encoding.ASCII.GetBytes(new string('{', 200)),
        "\n  - "u8.ToArray(), ": "u8.ToArray(), "&a "u8.ToArray(), "*a"u8.ToArray(), "!!x "u8.ToArray(), "<<: "u8.ToArray(), "\t"u8.ToArray(), "'"u8.ToArray(), "\""u8.ToArray(), "?"u8.ToArray(),
        "99999999999TiB"u8.ToArray(), "1..0"u8.ToArray(), "0+0"u8.ToArray(), "nan"u8.ToArray(), "\u00a0"u8.ToArray(),
    ];

    private readonly Random _random = new(seed);

    /// <summary>An input made of one of these; never one of them itself.</summary>
    public byte[] Next(IReadOnlyList<byte[]> seeds)
    {
        var bytes = new List<byte>(seeds[_random.Next(seeds.Count)]);
        for (var changes = 1 + _random.Next(MostChanges); changes > 0; changes--)
        {
            Change(bytes, seeds);
        }

        return [.. bytes.Take(LongestInput)];
    }

    private void Change(List<byte> bytes, IReadOnlyList<byte[]> seeds)
    {
        var at = _random.Next(bytes.Count + 1);
        switch (_random.Next(11))
        {
            case 0 when at < bytes.Count:
                bytes[at] ^= (byte)(1 << _random.Next(8));
                break;
            case 1 when at < bytes.Count:
                bytes[at] = (byte)_random.Next(256);
                break;
            case 2 or 3:
                Replace(bytes, at, VarIntLength(bytes, at), VarInt(Number()));
                break;
            case 4:
                Replace(bytes, at, 4, Fixed(Number(), 4));
                break;
            case 5:
                Replace(bytes, at, 8, Fixed(Number(), 8));
                break;
            case 6:
                Replace(bytes, at, _random.Next(2) * PieceLength(), Words[_random.Next(Words.Length)]);
                break;
            case 7:
                bytes.RemoveRange(at, Math.Min(PieceLength(), bytes.Count - at));
                break;
            case 8:
                bytes.InsertRange(at, [.. bytes.Skip(_random.Next(bytes.Count + 1)).Take(PieceLength())]);
                break;
            case 9:
                var other = seeds[_random.Next(seeds.Count)];
                Replace(bytes, at, bytes.Count - at, other.AsSpan(_random.Next(other.Length + 1)));
                break;
            default:
                ReplaceValue(bytes, at);
                break;
        }
    }

    private ulong Number() => _random.Next(4) == 0 ? (ulong)_random.NextInt64() >> _random.Next(63) : Numbers[_random.Next(Numbers.Length)];

    private int PieceLength() => 1 + _random.Next(LongestPiece);

    /// <summary>In JSON and YAML, the value behind the next colon; elsewhere a word.</summary>
    private void ReplaceValue(List<byte> bytes, int at)
    {
        var colon = bytes.IndexOf((byte)':', Math.Min(at, Math.Max(0, bytes.Count - 1)));
        var from = colon < 0 ? at : colon + 1;
        var to = from;
        while (to < bytes.Count && !",}\n"u8.Contains(bytes[to]))
        {
            to++;
        }

        Replace(bytes, from, to - from, Words[_random.Next(Words.Length)]);
    }

    private static void Replace(List<byte> bytes, int at, int count, ReadOnlySpan<byte> by)
    {
        bytes.RemoveRange(at, Math.Min(count, bytes.Count - at));
        bytes.InsertRange(at, by.ToArray());
    }

    private static int VarIntLength(List<byte> bytes, int at)
    {
        var length = 1;
        while (at + length - 1 < bytes.Count && bytes[at + length - 1] >= 0x80 && length < 10)
        {
            length++;
        }

        return length;
    }

    private static byte[] VarInt(ulong value)
    {
        var bytes = new List<byte>(10);
        for (; value >= 0x80; value >>= 7)
        {
            bytes.Add((byte)((value & 0x7F) | 0x80));
        }

        return [.. bytes, (byte)value];
    }

    private byte[] Fixed(ulong value, int count)
    {
        var bytes = new byte[8];
        if (_random.Next(4) == 0)
        {
            BinaryPrimitives.WriteUInt64BigEndian(bytes, value);
            return bytes[^count..];
        }

        BinaryPrimitives.WriteUInt64LittleEndian(bytes, value);
        return bytes[..count];
    }
}
