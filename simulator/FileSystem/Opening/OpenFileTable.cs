using Harness.Simulator.FileSystem.Errors;
using Harness.Simulator.Volume;

namespace Harness.Simulator.FileSystem.Opening;

/// <summary>What the volume's open handles mean for a call of the file system, as Win32 errors. Within the volume's lock.</summary>
internal sealed class OpenFileTable(SimVolume volume)
{
    private const FileShare ShareAll = FileShare.ReadWrite | FileShare.Delete;

    /// <summary>Whether anybody has the file open for more than its attributes.</summary>
    public bool IsOpen(uint index) =>
        volume.Opens.Find(index) is { } file && file.Handles.Exists(handle => !handle.HoldsNothing);

    /// <summary>Whether a further open of a stream may stand beside those there are.</summary>
    public Win32Error Check(uint index, string stream, FileAccess access, FileShare share, bool deletes) =>
        volume.Opens.Check(index, stream, access, share, deletes) == NtStatus.Success
            ? Win32Error.None
            : Win32Error.SharingViolation;

    /// <summary>Whether all who have any stream of a file open allow its deletion or renaming, and nobody has it mapped.</summary>
    public Win32Error CheckDelete(uint index) =>
        volume.Opens.Find(index)?.IsMapped("") == true
            ? Win32Error.AccessDenied
            : Check(index, "", default, ShareAll, deletes: true);

    /// <summary>Whether anything below a directory is open.</summary>
    public bool IsOpenBelow(uint directory) => volume.Opens.IsOpenBelow(volume, directory);
}
