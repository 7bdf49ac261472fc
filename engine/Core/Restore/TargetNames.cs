using Harness.Engine.Errors;
using Harness.Engine.Model;
using Harness.Engine.Ports;
using Harness.Engine.State;

namespace Harness.Engine.Restore;

/// <summary>
/// Where entries go in a target that may hold something already, and which things there are of this run: two entries that
/// the target cannot tell apart must not replace each other. In memory are the directories, and of files a bit or two each, but
/// nothing of them where the target was empty: what is there then is of this run. Logical thread only.
/// </summary>
/// <param name="target">The target.</param>
/// <param name="onCollision">What to do where something is.</param>
/// <param name="heldAnything">Whether the target held something before the run.</param>
/// <param name="settle">Waits for what is on its way to a path, or to one that the target may take for it.</param>
internal sealed class TargetNames(
    IRestoreTarget target, CollisionPolicy? onCollision, bool heldAnything, Func<string, CancellationToken, ValueTask> settle)
{
    private readonly Dictionary<UInt128, string> _directories = [];

    /// <summary>By the upper half of the identity, which says the device.</summary>
    private readonly Dictionary<ulong, ReferenceSet> _files = [];

    /// <summary>Something has a name that was free, or that the target takes for one that it has.</summary>
    public static BackupException Taken(string path) => new(
        ErrorCode.TargetEntryRefused,
        $"The restore target cannot tell '{path}' from something that was put there during this restore.",
        "Restore to a case-sensitive file system that nobody else writes to, or restore each with --path to a directory of its own.");

    /// <summary>Where a file may be written; null when what is there stays. TargetEntryRefused when this run wrote that.</summary>
    public async ValueTask<string?> FreePathAsync(string path, CancellationToken cancellationToken)
    {
        await settle(path, cancellationToken);
        var there = await target.ProbeAsync(path, cancellationToken);
        if (there is null)
        {
            return path;
        }

        if (await MadeHereAsync(path, cancellationToken) is { } other)
        {
            throw other.Length > 0 ? FoldsWith(path, other) : Taken(path);
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

            if (await target.IdentifyAsync(path, cancellationToken) is { } known && _directories.TryGetValue(known, out var other))
            {
                throw FoldsWith(path, other);
            }
        }

        await target.CreateDirectoryAsync(path, cancellationToken);
        if (await target.IdentifyAsync(path, cancellationToken) is { } identity)
        {
            _directories[identity] = path;
        }
    }

    /// <summary>Remembers what this run put at a path.</summary>
    public ValueTask RememberAsync(string path, CancellationToken cancellationToken) =>
        RememberFileAsync(path, identity: null, cancellationToken);

    /// <summary>The same of a file whose identity may be known.</summary>
    public async ValueTask RememberFileAsync(string path, UInt128? identity, CancellationToken cancellationToken)
    {
        if (!heldAnything || (identity ?? await target.IdentifyAsync(path, cancellationToken)) is not { } value)
        {
            return;
        }

        var device = (ulong)(value >> 64);
        if (!_files.TryGetValue(device, out var files))
        {
            _files[device] = files = new ReferenceSet();
        }

        files.Add((ulong)(value & ulong.MaxValue));
    }

    /// <summary>The path of a directory of this run, "" for anything else of it; null for what was there before.</summary>
    private async ValueTask<string?> MadeHereAsync(string path, CancellationToken cancellationToken)
    {
        if (await target.IdentifyAsync(path, cancellationToken) is not { } identity)
        {
            return null;
        }

        return _directories.TryGetValue(identity, out var directory) ? directory
            : !heldAnything || (_files.TryGetValue((ulong)(identity >> 64), out var files) && files.Contains((ulong)(identity & ulong.MaxValue))) ? ""
            : null;
    }

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
            await settle(candidate, cancellationToken);
            if (await target.ProbeAsync(candidate, cancellationToken) is null)
            {
                return candidate;
            }
        }

        throw new BackupException(
            ErrorCode.TargetNotWritable, $"No free name for a copy of '{path}' was found.", "Clear the restore target.");
    }
}
