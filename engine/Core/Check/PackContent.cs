using System.Buffers;
using System.Security.Cryptography;
using Harness.Engine.Crypto;
using Harness.Engine.Format;

namespace Harness.Engine.Check;

/// <summary>The bytes of one pack on their way through the check: read by the logical thread, looked at by a worker.</summary>
/// <param name="keys">Keys of the repository.</param>
/// <param name="pack">What the index says.</param>
/// <param name="name">Name of the blob, for messages.</param>
/// <param name="blob">All its bytes.</param>
internal sealed class PackContent(KeyRing keys, IndexedPack pack, string name, ReadOnlyMemory<byte> blob)
{
    private readonly HashSet<Hash256> _unreadable = [];

    public IndexedPack Pack => pack;

    public string Name => name;

    /// <summary>The first thing that is wrong; null when nothing is.</summary>
    public string? Problem { get; private set; }

    /// <summary>Whether a segment of the pack decodes to what its id says.</summary>
    public bool IsReadable(SegmentRecord segment) => !_unreadable.Contains(segment.Id);

    /// <summary>The worker's part: touches nothing but this object.</summary>
    public PackContent Check()
    {
        var bytes = blob.Span;
        if (PackName.Of(bytes) != pack.Hash)
        {
            Problem = $"The header and footer of pack '{name}' do not hash to its name.";
        }

        using var reader = new PackReader(keys, pack.Salt);
        CheckFooter(bytes);
        var raw = ArrayPool<byte>.Shared.Rent(FormatLimits.RangeBytes);
        foreach (var segment in pack.Segments)
        {
            try
            {
                if ((long)segment.Offset + segment.StoredBytes > bytes.Length || segment.RawBytes > FormatLimits.RangeBytes)
                {
                    throw new InvalidDataException("it lies beyond the end");
                }

                reader.Read(
                    segment, bytes.Slice((int)segment.Offset, (int)segment.StoredBytes), raw.AsSpan(0, (int)segment.RawBytes));
            }
            catch (Exception error) when (error is InvalidDataException or AuthenticationTagMismatchException)
            {
                Problem ??= $"Segment {segment.Ordinal} of pack '{name}' cannot be read: {error.Message}.";
                _unreadable.Add(segment.Id);
            }
        }

        ArrayPool<byte>.Shared.Return(raw);
        return this;
    }

    private void CheckFooter(ReadOnlySpan<byte> bytes)
    {
        try
        {
            using var own = PackReader.FromHeader(keys, bytes);
            if (!own.ReadFooter(bytes).SequenceEqual(pack.Segments.OrderBy(segment => segment.Ordinal)))
            {
                Problem ??= $"The footer of pack '{name}' and the index differ.";
            }
        }
        catch (Exception error) when (error is InvalidDataException or AuthenticationTagMismatchException)
        {
            Problem ??= $"The footer of pack '{name}' cannot be read: {error.Message}.";
        }
    }
}
