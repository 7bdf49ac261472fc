using Harness.Engine.Model;

namespace Harness.Engine.Rules;

/// <summary>Kinds and states of a volume that a profile may refuse.</summary>
public enum VolumeState
{
    /// <summary>Offline.</summary>
    Offline,

    /// <summary>Locked by BitLocker.</summary>
    Locked,

    /// <summary>Removable media.</summary>
    Removable,

    /// <summary>A network share.</summary>
    Network,

    /// <summary>Cannot be written, so that no snapshot can be taken.</summary>
    ReadOnly,

    /// <summary>A file system of Windows other than NTFS.</summary>
    NotNtfs,
}

/// <summary>A volume that is refused.</summary>
/// <param name="When">Its kind or state.</param>
/// <param name="Clause">Id of the clause.</param>
public sealed record RefusedVolume(VolumeState When, string Clause)
{
    /// <summary>Whether a volume is of that kind. A file system that Windows does not have is outside of what the documents speak of.</summary>
    public bool Fits(VolumeInfo volume)
    {
        ArgumentNullException.ThrowIfNull(volume);
        return When switch
        {
            VolumeState.Offline => volume.IsOffline,
            VolumeState.Locked => volume.IsLocked,
            VolumeState.Removable => volume.Kind == VolumeKind.Removable,
            VolumeState.Network => volume.Kind == VolumeKind.Network,
            VolumeState.ReadOnly => volume.IsReadOnly,
            _ => volume.FileSystem is FileSystemKind.Refs or FileSystemKind.Fat,
        };
    }
}
