namespace Harness.Simulator.Volume;

/// <summary>
/// What very few files have, so that all others pay one reference at most. Replaced as a whole (<c>with</c>), never altered.
/// </summary>
internal sealed record RareMetadata
{
    public static readonly RareMetadata None = new();

    /// <summary>Short name of the file's first link; 0 is none.</summary>
    public uint ShortName { get; init; }

    /// <summary>Of a directory: the short names of its children, folded always.</summary>
    public DirectoryTree? ShortChildren { get; init; }

    /// <summary>Object id; null is none.</summary>
    public ObjectIdBuffer? ObjectId { get; init; }

    /// <summary>Extended attributes in ordinal order of name.</summary>
    public ExtendedAttribute[] Attributes { get; init; } = [];

    /// <summary>GUID of a reparse point whose tag is not Microsoft's.</summary>
    public Guid ReparseGuid { get; init; }
}
