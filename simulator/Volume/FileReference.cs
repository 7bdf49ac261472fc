namespace Harness.Simulator.Volume;

/// <summary>
/// NTFS file reference: 48 bits of record index and 16 bits of sequence number, which grows when the record is reused
/// (MS-FSCC 2.1.9). It survives a rename and never comes back with the same sequence number.
/// </summary>
/// <param name="Value">Sequence number in the upper 16 bits, index in the lower 48.</param>
public readonly record struct FileReference(ulong Value)
{
    /// <summary>From its parts.</summary>
    public FileReference(ulong index, ushort sequence)
        : this(index | ((ulong)sequence << 48))
    {
    }

    /// <summary>Record index.</summary>
    public ulong Index => Value & 0xFFFF_FFFF_FFFF;

    /// <summary>Sequence number.</summary>
    public ushort Sequence => (ushort)(Value >> 48);

    /// <inheritdoc/>
    public override string ToString() => $"{Index}-{Sequence}";
}
