namespace Harness.Engine.Resume;

/// <summary>Where a run looks for what others before it have left.</summary>
/// <param name="Follows">What the run follows.</param>
/// <param name="FilePrefix">What names of its files in the scratch location begin with: the source's id.</param>
/// <param name="Checkpoints">Names of the checkpoints of the source, ascending.</param>
/// <param name="LooksForOrphans">
/// Whether packs that no index names are worth looking for: a run was cut off. Its log does not have what the vault took last.
/// </param>
internal sealed record ResumeSources(RunSection Follows, string FilePrefix, IReadOnlyList<string> Checkpoints, bool LooksForOrphans);
