namespace Harness.Simulator.FileSystem;

/// <summary>
/// The only members that may throw NotSupportedException or PlatformNotSupportedException, each with its reason. Streams also
/// throw the former for reading what was opened for writing, and the reverse, as every .NET stream.
/// </summary>
public static class UnsupportedMembers
{
    private const string AccessControl =
        "The access control types exist on Windows hosts only; elsewhere the runtime throws PlatformNotSupportedException, and so does this.";

    private const string Encryption = "EFS is a part of NTFS; on ReFS and FAT volumes Windows throws NotSupportedException.";

    /// <summary>Reason by member name, for all interfaces and overloads.</summary>
    public static IReadOnlyDictionary<string, string> Reasons { get; } = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["GetAccessControl"] = AccessControl,
        ["SetAccessControl"] = AccessControl,
        ["CreateDirectory(DirectorySecurity)"] = AccessControl,
        ["Create(DirectorySecurity)"] = AccessControl,
        ["Encrypt"] = Encryption,
        ["Decrypt"] = Encryption,
    };
}
