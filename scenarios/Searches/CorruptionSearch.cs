using Harness.Engine.Errors;

namespace Harness.Scenarios.Searches;

/// <summary>
/// FAULT_MODEL.md section 4: everything that an attacker or a broken store can do to one blob, to the whole vault, or to one file of the scratch
/// location. It is noticed and named or does no harm; wrong bytes are never restored and never called sound; what does not depend
/// on it is restored.
/// </summary>
internal static class CorruptionSearch
{
    private static readonly ErrorCode[] Damages =
    [
        ErrorCode.VaultBlobDamaged, ErrorCode.VaultBlobMissing, ErrorCode.VaultFormatUnsupported, ErrorCode.VaultEmpty, ErrorCode.RecoveryPointNotFound,
        ErrorCode.DataSourceNotFound, ErrorCode.PassphraseWrong,
    ];

    /// <summary>What does not hold in one case of the vault.</summary>
    public static async Task<IReadOnlyList<string>> TryVaultAsync(CorruptionWorld world, CorruptionCase done)
    {
        var state = done.Apply(world.VaultStates);
        var problems = new List<string>();
        var (said, suffering) = await CheckAsync(world, state);
        var isNamed = said.Any(words => words.Contains(done.Name, StringComparison.Ordinal)

            // Which keys there were nobody can know without them.
            || (done.Name.StartsWith("keys/", StringComparison.Ordinal) && words.Contains("keys/*", StringComparison.Ordinal)));
        var isWhole = true;
        foreach (var point in world.Points)
        {
            try
            {
                var (differences, lost) = await world.RestoreAsync(CorruptionWorld.StoreOf(state), point);
                problems.AddRange(differences.Select(difference => $"{done}: wrong bytes of recovery point {point}: {difference}"));
                isWhole &= lost.Count == 0;
                if (lost.Count > 0 && suffering?.Contains($"data#{point}") == false)
                {
                    problems.Add($"{done}: {lost[0]} of recovery point {point} is lost, and check says nothing of it");
                }
            }
            catch (BackupException error) when (Damages.Contains(error.Code))
            {
                isWhole = false;
                if (suffering?.Contains($"data#{point}") == false && !IsUnseen(world, done, point))
                {
                    problems.Add($"{done}: recovery point {point} is not restored ({error.Message}), and check says nothing of it");
                }
            }
        }

        if (!isNamed && !isWhole && done.Kind != CorruptionKind.RolledBack && !world.Points.Any(point => IsUnseen(world, done, point)))
        {
            problems.Add($"{done}: it does harm, and check does not name it: {string.Join("; ", said)}");
        }

        if (done.Kind is CorruptionKind.Flipped or CorruptionKind.Cut or CorruptionKind.Grown or CorruptionKind.Swapped && !isNamed)
        {
            problems.Add($"{done}: check does not name it: {string.Join("; ", said)}");
        }

        if (IsOfAnotherTime(world, done, state))
        {
            problems.AddRange(await NextBackupAsync(world, done, state));
        }

        return problems;
    }

    /// <summary>What does not hold in one case of the scratch location: the next backup protects what is there, whatever it believes.</summary>
    public static async Task<IReadOnlyList<string>> TryScratchAsync(CorruptionWorld world, CorruptionCase done)
    {
        var store = CorruptionWorld.StoreOf(world.Vault);
        var scratch = await CorruptionWorld.ScratchOfAsync(done.Apply(world.ScratchStates));
        var (vaults, scratches) = (world.VaultStates.Count, world.ScratchStates.Count);
        long point;
        try
        {
            point = await world.BackupAsync(store, scratch);
        }
        catch (BackupException error)
        {
            return [$"{done}: the next backup fails: {error.Code} {error.Message}"];
        }

        try
        {
            var (differences, lost) = await world.RestoreAsync(store, point);
            return [.. differences.Select(difference => $"{done}: the next recovery point differs: {difference}").Concat(lost.Select(path => $"{done}: lost {path}"))];
        }
        finally
        {
            world.Forget(point, vaults, scratches);
        }
    }

    /// <summary>The newest recovery point without its commit was never made: nothing in the vault says otherwise, but the machine that made it does.</summary>
    private static bool IsUnseen(CorruptionWorld world, CorruptionCase done, long point) => done.Kind switch
    {
        CorruptionKind.RolledBack => true,
        CorruptionKind.Removed => point == world.Points.Last() && done.Name.StartsWith("commits/", StringComparison.Ordinal)
            && done.Name == world.Vault.Keys.Last(name => name.StartsWith("commits/", StringComparison.Ordinal)),
        _ => false,
    };

    private static bool IsOfAnotherTime(CorruptionWorld world, CorruptionCase done, SortedDictionary<string, byte[]> state)
    {
        var newest = world.Vault.Keys.Last(name => name.StartsWith("commits/", StringComparison.Ordinal));
        return done.Kind is CorruptionKind.RolledBack or CorruptionKind.Removed && !state.ContainsKey(newest);
    }

    /// <summary>A machine that has seen the newer state refuses to go on from the older one.</summary>
    private static async Task<IReadOnlyList<string>> NextBackupAsync(CorruptionWorld world, CorruptionCase done, SortedDictionary<string, byte[]> state)
    {
        var (vaults, scratches) = (world.VaultStates.Count, world.ScratchStates.Count);
        try
        {
            var point = await world.BackupAsync(CorruptionWorld.StoreOf(state), await CorruptionWorld.ScratchOfAsync(world.Scratch));
            world.Forget(point, vaults, scratches);
            return [$"{done}: the machine that has seen more goes on from it"];
        }
        catch (BackupException error)
        {
            return error.Code == ErrorCode.VaultRolledBack ? [] : [$"{done}: the next backup says {error.Code} {error.Message}"];
        }
    }

    /// <summary>What a check says, and the recovery points that suffer; null for those when it could not go to its end.</summary>
    private static async Task<(IReadOnlyList<string> Said, IReadOnlySet<string>? Suffering)> CheckAsync(
        CorruptionWorld world, SortedDictionary<string, byte[]> state)
    {
        try
        {
            var report = await world.CheckAsync(CorruptionWorld.StoreOf(state));
            return ([.. report.Findings.Select(finding => $"{finding.Code} {finding.Blob}: {finding.Message}")],
                report.Findings.SelectMany(finding => finding.RecoveryPoints).ToHashSet());
        }
        catch (BackupException error) when (Damages.Contains(error.Code))
        {
            return ([$"{error.Code}: {error.Message}"], null);
        }
    }
}
