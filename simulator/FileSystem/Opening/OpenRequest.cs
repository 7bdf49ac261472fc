namespace Harness.Simulator.FileSystem.Opening;

/// <summary>What an open asks for, checked as FileStream checks it.</summary>
internal sealed record OpenRequest
{
    private const FileOptions KnownOptions = FileOptions.WriteThrough | FileOptions.Asynchronous | FileOptions.RandomAccess
        | FileOptions.DeleteOnClose | FileOptions.SequentialScan | FileOptions.Encrypted | (FileOptions)0x20000000;

    private OpenRequest()
    {
    }

    public required string FullPath { get; init; }

    public required FileMode Mode { get; init; }

    public required FileAccess Access { get; init; }

    public required FileShare Share { get; init; }

    public required FileOptions Options { get; init; }

    public bool Reads => Access.HasFlag(FileAccess.Read);

    public bool Writes => Access.HasFlag(FileAccess.Write);

    /// <summary>Whether a file that is there is emptied.</summary>
    public bool Truncates => Mode is FileMode.Create or FileMode.Truncate;

    /// <summary>Whether a file that is not there is made.</summary>
    public bool Creates => Mode is not (FileMode.Open or FileMode.Truncate);

    public static OpenRequest Of(
        SimFileSystem fileSystem,
        string path,
        FileMode mode,
        FileAccess? access,
        FileShare share,
        FileOptions options = FileOptions.None,
        int bufferSize = 4096)
    {
        Paths.PathArguments.Require(path, nameof(path));
        var wanted = access ?? (mode == FileMode.Append ? FileAccess.Write : FileAccess.ReadWrite);
        RequireEnum(mode is >= FileMode.CreateNew and <= FileMode.Append, nameof(mode));
        RequireEnum(wanted is >= FileAccess.Read and <= FileAccess.ReadWrite, nameof(access));
        RequireEnum(
            (share & ~FileShare.Inheritable) is >= FileShare.None and <= (FileShare.ReadWrite | FileShare.Delete),
            nameof(share));
        RequireEnum((options & ~KnownOptions) == FileOptions.None, nameof(options));
        ArgumentOutOfRangeException.ThrowIfNegative(bufferSize);
        if (!wanted.HasFlag(FileAccess.Write)
            && (mode is FileMode.Truncate or FileMode.CreateNew or FileMode.Create or FileMode.Append))
        {
            throw new ArgumentException($"Combining FileMode: {mode} with FileAccess: {wanted} is invalid.", nameof(access));
        }

        if (wanted.HasFlag(FileAccess.Read) && mode == FileMode.Append)
        {
            throw new ArgumentException("Append access can be requested only in write-only mode.", nameof(access));
        }

        return new OpenRequest
        {
            FullPath = fileSystem.FullPath(path),
            Mode = mode,
            Access = wanted,
            Share = share & ~FileShare.Inheritable,
            Options = options,
        };
    }

    private static void RequireEnum(bool valid, string parameter)
    {
        if (!valid)
        {
            throw new ArgumentOutOfRangeException(parameter, "Enum value was out of legal range.");
        }
    }
}
