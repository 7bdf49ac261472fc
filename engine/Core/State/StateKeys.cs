using System.Buffers.Binary;
using Harness.Engine.Format;

namespace Harness.Engine.State;

/// <summary>
/// Keys of the state tables: a space, then numbers in big-endian so that they sort as numbers. Spaces below 16 are those of
/// FORMAT.md section 7; the others only help to find things and are made from those.
/// </summary>
internal static class StateKeys
{
    /// <summary>Where the fingerprints of a region are: (file reference, stream and region) -> page table.</summary>
    public const byte Pages = 16;

    /// <summary>(directory, entry in it) -> nothing.</summary>
    public const byte Children = 17;

    /// <summary>(file reference, id of an issue about it) -> nothing.</summary>
    public const byte IssuesOf = 18;

    /// <summary>(file reference) of what is sent whole on each change -> nothing.</summary>
    public const byte FullOnly = 19;

    /// <summary>Nothing -> file reference of the root.</summary>
    public const byte Root = 20;

    private const int Word = sizeof(ulong);

    public static byte[] Of(RecordKey key) => key.Space == RecordKey.Regions ? Of(key.Space, key.Id, key.Sub) : Of(key.Space, key.Id);

    public static byte[] OfPages(RecordKey region) => Of(Pages, region.Id, region.Sub);

    public static byte[] Of(byte space) => [space];

    public static byte[] Of(byte space, ulong id)
    {
        var key = new byte[1 + Word];
        key[0] = space;
        BinaryPrimitives.WriteUInt64BigEndian(key.AsSpan(1), id);
        return key;
    }

    public static byte[] Of(byte space, ulong id, ulong sub)
    {
        var key = new byte[1 + (2 * Word)];
        key[0] = space;
        BinaryPrimitives.WriteUInt64BigEndian(key.AsSpan(1), id);
        BinaryPrimitives.WriteUInt64BigEndian(key.AsSpan(1 + Word), sub);
        return key;
    }

    /// <summary>Puts another id into a key.</summary>
    public static void SetId(Span<byte> key, ulong id) => BinaryPrimitives.WriteUInt64BigEndian(key[1..], id);

    /// <summary>The record key that a key of a vault space stands for.</summary>
    public static RecordKey Parse(ReadOnlySpan<byte> key) => new(key[0], Id(key), key.Length > 1 + Word ? Sub(key) : 0);

    public static ulong Id(ReadOnlySpan<byte> key) => BinaryPrimitives.ReadUInt64BigEndian(key[1..]);

    public static ulong Sub(ReadOnlySpan<byte> key) => BinaryPrimitives.ReadUInt64BigEndian(key[(1 + Word)..]);
}
