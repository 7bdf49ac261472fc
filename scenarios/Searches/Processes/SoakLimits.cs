namespace Harness.Scenarios.Searches.Processes;

/// <summary>What a soak may take of the machine.</summary>
internal sealed record SoakLimits
{
    /// <summary>Time after which no more cycles begin.</summary>
    public required TimeSpan Time { get; init; }

    /// <summary>Bytes that sources, vaults, scratch locations and restored trees may take on the disk; 64 MiB or more.</summary>
    public required long DiskBytes { get; init; }

    /// <summary>Bytes that the heap of each process may take; 64 MiB or more.</summary>
    public required long MemoryBytes { get; init; }

    /// <summary>Bytes of the source, of which there are a vault with its history, a restored tree and some change besides.</summary>
    public long SourceBytes => DiskBytes / 16;

    /// <summary>Bytes of a vault after which a new one is begun.</summary>
    public long VaultBytes => DiskBytes / 2;
}
