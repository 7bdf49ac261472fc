namespace Harness.Simulator.Volume;

/// <summary>How a stream is stored; each stream of a file has its own.</summary>
[Flags]
public enum StreamFlags : byte
{
    /// <summary>Plain.</summary>
    None = 0,

    /// <summary>May have holes.</summary>
    Sparse = 1,

    /// <summary>Compressed in units (LZNT1).</summary>
    Compressed = 2,

    /// <summary>Encrypted (EFS).</summary>
    Encrypted = 4,
}
