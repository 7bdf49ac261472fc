using Harness.Engine.Errors;

namespace Harness.Engine.Restore;

/// <summary>How a restore goes about its work.</summary>
public sealed record RestoreOptions
{
    /// <summary>The most <see cref="WritersAtOnce"/>.</summary>
    public const int MostWriters = 64;

    /// <summary>
    /// Files or batches of small files that are written at once, each with 3 MiB of memory; 1 to 64, default 4: these keep two
    /// processors or a disk busy, where a slow network drive may want more.
    /// </summary>
    public int WritersAtOnce { get; init; } = 4;

    /// <summary>Throws ArgumentInvalid for a value out of its range.</summary>
    internal void Require()
    {
        if (WritersAtOnce is < 1 or > MostWriters)
        {
            throw new BackupException(
                ErrorCode.ArgumentInvalid, $"A restore cannot have {WritersAtOnce} writers at once.", $"Give 1 to {MostWriters}.");
        }
    }
}
