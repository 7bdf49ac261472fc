namespace Harness.Simulator.Volume;

/// <summary>What about a file differs between two states of a volume.</summary>
[Flags]
public enum VolumeChangeAspects
{
    /// <summary>Nothing, or the file came or went.</summary>
    None = 0,

    /// <summary>A name reads differently: renamed, case included.</summary>
    Name = 1,

    /// <summary>A name is in another directory: moved.</summary>
    Parent = 1 << 1,

    /// <summary>The number of names differs: hard links were made or deleted.</summary>
    Links = 1 << 2,

    /// <summary>Attributes.</summary>
    Attributes = 1 << 3,

    /// <summary>Any of the four times.</summary>
    Times = 1 << 4,

    /// <summary>Access control.</summary>
    Security = 1 << 5,

    /// <summary>Reparse tag or data.</summary>
    Reparse = 1 << 6,

    /// <summary>The $EFS data: the keys of an encrypted file.</summary>
    EncryptionInfo = 1 << 7,

    /// <summary>The list of a directory.</summary>
    Children = 1 << 8,

    /// <summary>Content or size of a stream that both states have.</summary>
    Content = 1 << 9,

    /// <summary>Named streams were added or removed.</summary>
    Streams = 1 << 10,

    /// <summary>A stream became, or is no longer, sparse, compressed or encrypted.</summary>
    Storage = 1 << 11,

    /// <summary>The short (8.3) name.</summary>
    ShortName = 1 << 12,

    /// <summary>The object id or its birth information.</summary>
    ObjectId = 1 << 13,

    /// <summary>Extended attributes.</summary>
    ExtendedAttributes = 1 << 14,

    /// <summary>A directory's own case rule.</summary>
    CaseSensitivity = 1 << 15,

    /// <summary>How much of a stream is valid data, or how much is allocated beyond its end; its bytes read the same.</summary>
    ValidDataLength = 1 << 16,
}
