using Harness.Engine.Errors;
using Harness.Engine.Model;
using Harness.Engine.Ports;

namespace Harness.Engine.Restore;

/// <summary>
/// Where entries go in a target that may hold something already, and which things there are of this run: two entries that
/// the target cannot tell apart must not replace each other. Logical thread only.
/// </summary>
internal sealed class TargetNames(IRestoreTarget target, CollisionPolicy? onCollision)
{
    private readonly Dictionary<UInt128, string> _made = [];

    /// <summary>Where a file may be written; null when what is there stays. TargetEntryRefused when this run wrote that.</summary>
    public async ValueTask<string?> FreePathAsync(string path, CancellationToken cancellationToken)
    {
        var there = await target.ProbeAsync(path, cancellationToken);
        if (there is null)
        {
            return path;
        }

        if (await MadeHereAsync(path, cancellationToken) is { } other)
        {
            throw FoldsWith(path, other);
        }

        return onCollision switch
        {
            CollisionPolicy.Skip => null,
            CollisionPolicy.Overwrite when there != EntryKind.Directory => path,
            _ => await CopyPathAsync(path, cancellationToken),
        };
    }

    /// <summary>Makes a directory, or takes the one that is there; never a link, and never one that another entry made.</summary>
    public async ValueTask MakeDirectoryAsync(string path, CancellationToken cancellationToken)
    {
        if (await target.ProbeAsync(path, cancellationToken) is { } there)
        {
            if (there != EntryKind.Directory)
            {
                throw new BackupException(
                    there == EntryKind.SymbolicLink ? ErrorCode.TargetEscape : ErrorCode.TargetEntryRefused,
                    $"'{path}' in the restore target is not a directory where the recovery point has one.",
                    "Move it away, or restore to another place.");
            }

            if (await MadeHereAsync(path, cancellationToken) is { } other)
            {
                throw FoldsWith(path, other);
            }
        }

        await target.CreateDirectoryAsync(path, cancellationToken);
        await RememberAsync(path, cancellationToken);
    }

    /// <summary>Remembers what this run put at a path.</summary>
    public async ValueTask RememberAsync(string path, CancellationToken cancellationToken)
    {
        if (await target.IdentifyAsync(path, cancellationToken) is { } identity)
        {
            _made[identity] = path;
        }
    }

    private async ValueTask<string?> MadeHereAsync(string path, CancellationToken cancellationToken) =>
        await target.IdentifyAsync(path, cancellationToken) is { } identity && _made.TryGetValue(identity, out var other) ? other : null;

    private static BackupException FoldsWith(string path, string other) => new(
        ErrorCode.TargetEntryRefused,
        $"The restore target cannot tell '{path}' from '{other}', which was restored there.",
        "Restore to a case-sensitive file system, or restore each with --path to a directory of its own.");

    private async ValueTask<string> CopyPathAsync(string path, CancellationToken cancellationToken)
    {
        var slash = path.LastIndexOf('/') + 1;
        var dot = path.LastIndexOf('.');
        var (stem, extension) = dot > slash ? (path[..dot], path[dot..]) : (path, "");
        for (var number = 1; number < 10_000; number++)
        {
            var candidate = $"{stem} (copy {number}){extension}";
            if (await target.ProbeAsync(candidate, cancellationToken) is null)
            {
                return candidate;
            }
        }

        throw new BackupException(
            ErrorCode.TargetNotWritable, $"No free name for a copy of '{path}' was found.", "Clear the restore target.");
    }
}
