using Harness.Engine.Crypto;
using Harness.Engine.Errors;
using Harness.Engine.Prune;
using Harness.Engine.Repositories;
using Harness.Simulator.Compare;
using Harness.Simulator.Vaults;
using Harness.Tests.Support;
using NUnit.Framework;

namespace Harness.Tests.Engine.Damage;

/// <summary>
/// A small vault with every kind of blob in it: a forgotten point that is gone, one that is forgotten, three that are kept, one of them
/// undeleted, a removal under way, and the session of a writer that died.
/// </summary>
internal static class EveryKind
{
    public static readonly string[] Kinds =
        ["repo", "keys/", "packs/", "index/", "manifests/", "commits/", "deleted/", "gc/", "sessions/"];

    /// <summary>Recovery points that can be restored.</summary>
    public static readonly long[] Kept = [3, 5, 6];

    public static async Task<EngineRig> MakeAsync()
    {
        var rig = new EngineRig { Parameters = new() { KdfIterations = 1, PackBytes = 64 << 10 } };
        rig.Volume.CreateFile("stays.bin", 9000, seed: 1);
        rig.Volume.CreateFile("old.bin", 6000, seed: 2);
        rig.Volume.CreateDirectory("folder");
        rig.Volume.CreateFile("folder/secret.bin", 5000, seed: 3);
        rig.Volume.Encrypt("folder/secret.bin");
        await rig.BackupAsync();
        rig.Volume.Delete("old.bin");
        for (var i = 2; i <= 6; i++)
        {
            rig.Volume.CreateFile($"file {i}", 3000 + i, seed: (ulong)i + 10);
            rig.Volume.WriteGenerated("stays.bin", 4096, 100, (ulong)i);
            if (i == 3)
            {
                rig.Volume.Delete("file 2");
            }

            await rig.BackupAsync();
            if (i == 3)
            {
                await rig.ForgetAsync(1, 2);
                rig.Clock.Advance(TimeSpan.FromDays(20));
                await rig.PruneAsync();
                rig.Volume.CreateFile("old.bin", 6000, seed: 2);
            }
        }

        await rig.ForgetAsync(4, 5);
        await rig.UndeleteAsync(5);
        var sourceId = rig.Store.Names("commits/").First().Split('/')[1];
        var repository = await RepositoryOpener.OpenAsync(new MemoryVault(rig.Store), new Passphrase(rig.Passphrase), default);
        await WriterSession.OpenAsync(repository, rig.Services, sourceId, "backup", default);
        Assert.That(Kinds.Where(kind => rig.Store.Names(kind).Count == 0), Is.Empty);
        return rig;
    }

    public static string KindOf(string name) => Kinds.First(kind => name.StartsWith(kind, StringComparison.Ordinal));

    /// <summary>
    /// Restores a point of the damaged vault. Null when all of it came back, else what was said: the files that a report
    /// lists as lost, or the error. Bytes that are not those of the snapshot fail the test whatever was said.
    /// </summary>
    public static async Task<string?> RestoreAsync(EngineRig rig, long point, string context)
    {
        try
        {
            var (report, volume) = await rig.RestoreAsync(point);
            var lost = report.Failed.Select(item => item.Path).ToList();
            var differences = VolumeComparer.Compare(
                rig.Snapshots[(int)point - 1], volume, new VolumeComparison { LeftOut = lost });
            Assert.That(differences, Is.Empty, $"{context}: recovery point {point}");
            return lost.Count == 0 ? null : string.Join('\n', report.Failed.Select(item => $"{item.Path}: {item.Message}"));
        }
        catch (BackupException error)
        {
            return $"{error.Code}: {error.Message}";
        }
    }

    /// <summary>What a check says of the damaged vault: names of blobs with damage, or the error that ended it.</summary>
    public static async Task<string> CheckAsync(EngineRig rig)
    {
        try
        {
            return string.Join('\n', (await rig.CheckAsync()).Findings.Select(finding => $"{finding.Code} {finding.Blob}: {finding.Message}"));
        }
        catch (BackupException error)
        {
            return $"{error.Code}: {error.Message}";
        }
    }
}
