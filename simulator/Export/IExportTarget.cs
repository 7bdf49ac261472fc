using Harness.Engine.Model;

namespace Harness.Simulator.Export;

/// <summary>
/// An empty real volume to write to. Paths are relative with '/', a stream is <c>path:stream</c>. Each call gives null when it
/// is done, else the system's reason in words. One thread.
/// </summary>
public interface IExportTarget
{
    /// <summary>Creates a directory.</summary>
    string? CreateDirectory(string path);

    /// <summary>Creates an empty file, compressed from the start when asked.</summary>
    string? CreateFile(string path, bool isCompressed);

    /// <summary>Gives a file another name.</summary>
    string? Link(string existing, string path);

    /// <summary>Sets the size of a file or of a stream, which is created.</summary>
    string? SetLength(string path, long sizeBytes);

    /// <summary>Writes bytes.</summary>
    string? Write(string path, long offset, ReadOnlySpan<byte> content);

    /// <summary>Makes a file whose streams hold raw ciphertext an encrypted one.</summary>
    string? SetEncryption(string path, ReadOnlySpan<byte> info);

    /// <summary>Sets FILE_ATTRIBUTE_* bits; the driver takes those that programs may set, and compression of directories.</summary>
    string? SetAttributes(string path, uint attributes);

    /// <summary>Sets creation, write and access time.</summary>
    string? SetTimes(string path, EntryTimes times);

    /// <summary>Sets a self-relative security descriptor.</summary>
    string? SetSecurity(string path, ReadOnlySpan<byte> descriptor);

    /// <summary>Gives a file or directory its 8.3 name.</summary>
    string? SetShortName(string path, string name);

    /// <summary>Gives a file or directory its object id: 16 bytes, or 64 with its birth.</summary>
    string? SetObjectId(string path, ReadOnlySpan<byte> objectId);

    /// <summary>Sets extended attributes, a list of FILE_FULL_EA_INFORMATION.</summary>
    string? SetExtendedAttributes(string path, ReadOnlySpan<byte> list);

    /// <summary>Makes a reparse point; afterwards the path is out of reach until the volume is mounted again.</summary>
    string? SetReparse(string path, uint tag, ReadOnlySpan<byte> data);
}
