namespace Harness.Engine.Local.Vaults;

/// <summary>
/// The file operations that a vault in a directory needs, with what IFileSystem cannot say: a name is given to exactly one,
/// and what returned is on the disk. Errors are those of .NET. Safe for concurrent calls.
/// </summary>
internal interface IVaultDisk
{
    /// <summary>The full path, without a separator at its end.</summary>
    string FullPath(string path);

    /// <summary>A path below another; what is below has '/' between its names.</summary>
    string Join(string path, string below);

    /// <summary>The directory of a path; null for a root.</summary>
    string? Parent(string path);

    bool FileExists(string path);

    bool DirectoryExists(string path);

    /// <summary>Length of a file; null when there is none.</summary>
    long? Length(string path);

    /// <summary>Makes one directory. Its entry is durable after <see cref="FlushDirectory"/> of the parent.</summary>
    void CreateDirectory(string path);

    /// <summary>Makes the entries of a directory durable.</summary>
    void FlushDirectory(string path);

    /// <summary>Creates a file, which holds what is written one piece after the other.</summary>
    IVaultNewFile CreateNew(string path);

    /// <summary>Gives the file its name; false when the name is taken. The temporary name may be left behind.</summary>
    bool TryPublish(string temporary, string path);

    /// <summary>Deletes a file; one that is not there is no error.</summary>
    void Delete(string path);

    /// <summary>Opens a file for reading; others may do with it what they like.</summary>
    IVaultFile OpenRead(string path);

    /// <summary>What is in a directory, in any order; nothing when there is no such directory.</summary>
    List<VaultDiskItem> List(string path);
}

/// <summary>A blob's file, open for reading. One caller at a time.</summary>
internal interface IVaultFile : IDisposable
{
    long LengthBytes { get; }

    /// <summary>Reads some bytes where the caller is; 0 at the end.</summary>
    int Read(Span<byte> buffer, long offset);

    /// <summary>Reads some bytes; 0 at the end.</summary>
    ValueTask<int> ReadAsync(Memory<byte> buffer, long offset, CancellationToken cancellationToken);
}

/// <summary>A file that is being written. One caller at a time.</summary>
internal interface IVaultNewFile : IDisposable
{
    /// <summary>Appends a piece.</summary>
    void Write(ReadOnlySpan<byte> piece);

    /// <summary>Returns when everything is on the disk.</summary>
    void Flush();
}

/// <summary>One entry of a directory. A class, for whose lists the framework has code: a short run is mostly start-up.</summary>
internal sealed record VaultDiskItem(string Name, bool IsDirectory, long LengthBytes, DateTime WrittenUtc);
