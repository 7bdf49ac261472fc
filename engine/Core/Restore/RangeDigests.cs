using System.Runtime.CompilerServices;
using Harness.Engine.Backup;
using Harness.Engine.Crypto;
using Harness.Engine.Format;
using Harness.Engine.State;

namespace Harness.Engine.Restore;

/// <summary>Compares bytes with what a recovery point says of them, without fetching any (FORMAT.md section 7).</summary>
internal static class RangeDigests
{
    /// <summary>The ranges of a stream that hold anything but zeros, with their digests and lengths, ascending.</summary>
    public static async IAsyncEnumerable<(long Range, byte[] Digest, int LengthBytes)> OfAsync(
        SourceState state, EntryRecord entry, StreamRecord stream, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var (start, content) in state.ContentsAsync(entry, stream, cancellationToken))
        {
            for (var i = 0; i < content.Digests.Ranges.Length; i++)
            {
                var range = content.Digests.Ranges[i];
                var length = Math.Min(FormatLimits.RangeBytes, content.LengthBytes - (range * FormatLimits.RangeBytes));
                if (length > 0)
                {
                    yield return ((start / FormatLimits.RangeBytes) + range, content.Digests.At(i).ToArray(), (int)length);
                }
            }
        }
    }

    /// <summary>Whether these bytes are what a digest stands for; an empty digest stands for zeros. Pure; safe on any thread.</summary>
    public static bool Match(KeyRing keys, ReadOnlySpan<byte> digest, ReadOnlySpan<byte> range)
    {
        if (digest.IsEmpty)
        {
            return !range.ContainsAnyExcept((byte)0);
        }

        Span<byte> fingerprints = stackalloc byte[FormatLimits.PagesPerRange * FormatLimits.FingerprintBytes];
        Span<byte> actual = stackalloc byte[FormatLimits.FingerprintBytes];
        var used = fingerprints[..(PageHasher.PagesOf(range.Length) * FormatLimits.FingerprintBytes)];
        PageHasher.Fingerprint(keys, range, used);
        PageHasher.Digest(keys, used, actual);
        return actual.SequenceEqual(digest);
    }
}
