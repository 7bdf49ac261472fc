using Harness.Simulator.Volume;

namespace Harness.Simulator.FileSystem;

/// <summary>How a <see cref="SimFileSystem"/> shows its volumes. Checked when the file system is made.</summary>
public sealed record SimFileSystemOptions
{
    /// <summary>Letter of the first volume, A to Z.</summary>
    public char DriveLetter { get; init; } = 'C';

    /// <summary>
    /// Further volumes by their root: a drive (<c>D:</c>, <c>D:\</c>) or a share (<c>\\server\share</c>). One volume may stand
    /// under several roots and in several file systems.
    /// </summary>
    public IReadOnlyDictionary<string, SimVolume> MoreVolumes { get; init; } = new Dictionary<string, SimVolume>();

    /// <summary>Current directory at the start, a full path; null is the root of the first volume. It need not exist yet.</summary>
    public string? CurrentDirectory { get; init; }

    /// <summary>What GetTempPath returns; null is <c>Temp\</c> on the first volume. GetTempFileName makes it when it is missing.</summary>
    public string? TempPath { get; init; }

    /// <summary>Seed of random and temporary file names.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>
    /// What ends a line in WriteAllLines and the writers. The default is the host's, which is what the code under test sees in
    /// Environment.NewLine; <c>"\r\n"</c> is what it would see on Windows.
    /// </summary>
    public string NewLine { get; init; } = Environment.NewLine;

    /// <summary>Whether a handle that has read moves the last access time when it is closed (NtfsDisableLastAccessUpdate 0).</summary>
    public bool UpdatesLastAccess { get; init; } = true;

    /// <summary>What becomes of a deleted file that others hold open with FileShare.Delete.</summary>
    public DeleteBehavior Deletes { get; init; } = DeleteBehavior.NameGoesAtOnce;
}
