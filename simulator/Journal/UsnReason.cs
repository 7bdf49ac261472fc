namespace Harness.Simulator.Journal;

/// <summary>Why a file has a record in the change journal (MS-FSCC 2.3.62.2). Values as on disk.</summary>
[Flags]
public enum UsnReason : uint
{
    /// <summary>No reason: only in an enumeration of files.</summary>
    None = 0,

    /// <summary>Data of the unnamed stream was overwritten.</summary>
    DataOverwrite = 0x1,

    /// <summary>The unnamed stream grew.</summary>
    DataExtend = 0x2,

    /// <summary>The unnamed stream was cut.</summary>
    DataTruncation = 0x4,

    /// <summary>Data of a named stream was overwritten.</summary>
    NamedDataOverwrite = 0x10,

    /// <summary>A named stream grew.</summary>
    NamedDataExtend = 0x20,

    /// <summary>A named stream was cut.</summary>
    NamedDataTruncation = 0x40,

    /// <summary>The file or directory was created.</summary>
    FileCreate = 0x100,

    /// <summary>The file or directory was deleted.</summary>
    FileDelete = 0x200,

    /// <summary>Extended attributes changed.</summary>
    EaChange = 0x400,

    /// <summary>Access control changed.</summary>
    SecurityChange = 0x800,

    /// <summary>A rename; the record holds the name before it. Does not accumulate.</summary>
    RenameOldName = 0x1000,

    /// <summary>A rename; the record holds the name after it.</summary>
    RenameNewName = 0x2000,

    /// <summary>The attribute "not content indexed" changed.</summary>
    IndexableChange = 0x4000,

    /// <summary>Attributes or times changed.</summary>
    BasicInfoChange = 0x8000,

    /// <summary>A hard link was made or deleted.</summary>
    HardLinkChange = 0x10000,

    /// <summary>Compressed or decompressed.</summary>
    CompressionChange = 0x20000,

    /// <summary>Encrypted or decrypted.</summary>
    EncryptionChange = 0x40000,

    /// <summary>The object id changed.</summary>
    ObjectIdChange = 0x80000,

    /// <summary>The reparse point was set, changed or deleted.</summary>
    ReparsePointChange = 0x100000,

    /// <summary>A named stream was added, deleted or renamed.</summary>
    StreamChange = 0x200000,

    /// <summary>Checksums over the data were turned on or off (ReFS).</summary>
    IntegrityChange = 0x800000,

    /// <summary>The last handle was closed: the reasons of this record are all since the first was opened.</summary>
    Close = 0x80000000,
}
