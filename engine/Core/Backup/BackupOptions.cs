using Harness.Engine.Errors;

namespace Harness.Engine.Backup;

/// <summary>How a backup goes about its work.</summary>
public sealed record BackupOptions
{
    /// <summary>
    /// Packs after which the run says in the vault what it has done, so that a run that is cut off is not begun anew even where its
    /// scratch location is lost; 1 to 1,024, default 8.
    /// </summary>
    public int PacksPerCheckpoint { get; init; } = 8;

    /// <summary>
    /// Packs on their way to the vault at once, each with a pack of memory; 1 to 32, default 2: these keep Azurite and a network busy
    /// with packs of 16 MiB.
    /// </summary>
    public int UploadsAtOnce { get; init; } = 2;

    /// <summary>Throws ArgumentInvalid for a value out of its range.</summary>
    internal void Require()
    {
        Require(PacksPerCheckpoint, 1_024, "packs between two checkpoints");
        Require(UploadsAtOnce, 32, "uploads at once");
    }

    private static void Require(int value, int most, string what)
    {
        if (value < 1 || value > most)
        {
            throw new BackupException(ErrorCode.ArgumentInvalid, $"A backup cannot have {value} {what}.", $"Give 1 to {most}.");
        }
    }
}
