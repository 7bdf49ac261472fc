namespace Harness.Engine.Format;

/// <summary>A further name of a file of several names.</summary>
/// <param name="Parent">File reference of the directory.</param>
/// <param name="Name">Name in it.</param>
internal readonly record struct EntryName(ulong Parent, string Name) : IComparable<EntryName>
{
    public int CompareTo(EntryName other) =>
        Parent != other.Parent ? Parent.CompareTo(other.Parent) : string.CompareOrdinal(Name, other.Name);
}
