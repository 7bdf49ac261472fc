namespace Harness.Simulator.Volume;

/// <summary>One extended attribute of a file or directory (FILE_FULL_EA_INFORMATION, MS-FSCC 2.4.15).</summary>
/// <param name="Name">1 to 255 ASCII characters; kept in upper case, as NTFS does.</param>
/// <param name="Value">Up to 65,535 bytes.</param>
/// <param name="IsNeeded">FILE_NEED_EA: a program that does not understand it must not use the file.</param>
public sealed record ExtendedAttribute(string Name, ReadOnlyMemory<byte> Value, bool IsNeeded = false)
{
    /// <inheritdoc/>
    public bool Equals(ExtendedAttribute? other) =>
        other is not null && Name == other.Name && IsNeeded == other.IsNeeded && Value.Span.SequenceEqual(other.Value.Span);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Name, IsNeeded, Value.Length);
}
