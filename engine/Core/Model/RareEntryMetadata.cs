namespace Harness.Engine.Model;

/// <summary>Short name, object id and extended attributes of an entry. Immutable.</summary>
public sealed record RareEntryMetadata
{
    /// <summary>Nothing of it.</summary>
    public static RareEntryMetadata None { get; } = new();

    /// <summary>The 8.3 name beside the long one; null where there is none.</summary>
    public string? ShortName { get; init; }

    /// <summary>Object id: 16 bytes, or 64 with its birth (FILE_OBJECTID_BUFFER, MS-FSCC 2.1.3); empty where there is none.</summary>
    public ReadOnlyMemory<byte> ObjectId { get; init; }

    /// <summary>Extended attributes as a list of FILE_FULL_EA_INFORMATION (MS-FSCC 2.4.15); empty where there are none.</summary>
    public ReadOnlyMemory<byte> ExtendedAttributes { get; init; }
}
