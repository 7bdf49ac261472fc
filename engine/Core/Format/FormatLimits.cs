namespace Harness.Engine.Format;

/// <summary>The numbers of FORMAT.md.</summary>
public static class FormatLimits
{
    /// <summary>The one format version.</summary>
    public const int Version = 1;

    /// <summary>Bytes of a page, the unit of comparison.</summary>
    public const int PageBytes = 4096;

    /// <summary>Bytes of a range, the unit of digests; also the largest segment.</summary>
    public const int RangeBytes = 1 << 20;

    /// <summary>
    /// Bytes of a region: a stream that is longer has a record for each region that holds anything, so that a change to a
    /// file of terabytes costs a record of its neighbourhood.
    /// </summary>
    public const long RegionBytes = 256L << 20;

    /// <summary>Pages of a range.</summary>
    public const int PagesPerRange = RangeBytes / PageBytes;

    /// <summary>Bytes of a page fingerprint and of a range digest.</summary>
    public const int FingerprintBytes = 16;

    /// <summary>Bytes of a GCM tag.</summary>
    public const int TagBytes = 16;

    /// <summary>Largest JSON document kept in the open.</summary>
    public const int OpenDocumentBytes = 64 << 10;

    /// <summary>Largest sealed blob.</summary>
    public const int SealedBlobBytes = 64 << 20;

    /// <summary>Most plain bytes of a sealed blob, whatever its frames say: 64 MiB of hex digits or of records compress to half.</summary>
    public const int SealedRawBytes = 128 << 20;

    /// <summary>Most records of a part of a manifest; a writer ends one at 16 MiB, in which each counts for 24 bytes or more.</summary>
    public const int PartRecords = 1 << 20;

    /// <summary>Ranges of a region.</summary>
    public const int RangesPerRegion = (int)(RegionBytes / RangeBytes);

    /// <summary>Largest pack.</summary>
    public const int PackBytes = 256 << 20;

    /// <summary>Smallest target size of a pack.</summary>
    public const int SmallestPackBytes = 64 << 10;

    /// <summary>Largest target size of a pack: one more segment and the footer still fit into <see cref="PackBytes"/>.</summary>
    public const int LargestPackTargetBytes = 128 << 20;

    /// <summary>Most segments of a pack.</summary>
    public const int PackSegments = 1 << 20;

    /// <summary>Longest name, path, security descriptor or the like.</summary>
    public const int TextBytes = 64 << 10;

    /// <summary>Most streams of an entry.</summary>
    public const int StreamsPerEntry = 65_536;

    /// <summary>Most iterations of the key derivation.</summary>
    public const int KdfIterations = 10_000_000;
}
