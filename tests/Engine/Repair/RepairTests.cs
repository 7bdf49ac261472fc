using Harness.Engine.Check;
using Harness.Engine.Errors;
using Harness.Tests.Engine.Faults;
using Harness.Tests.Support;
using NUnit.Framework;

namespace Harness.Tests.Engine.Repair;

/// <summary>Damage to what a prune keeps its books in is named, and what can be mended is.</summary>
[Parallelizable(ParallelScope.All)]
public sealed class RepairTests
{
    [Test]
    public async Task Check_EachMarkerGcAndSessionDamaged_NamesTheBlob([Values("flip", "cut", "swap")] string how)
    {
        var rig = await BooksAsync();
        var clean = rig.Store.Snapshot();
        var kinds = clean.Keys.Where(name => name.StartsWith("deleted/", StringComparison.Ordinal)
            || name.StartsWith("gc/", StringComparison.Ordinal) || name.StartsWith("sessions/", StringComparison.Ordinal)).ToList();
        Assert.That(kinds, Has.Count.GreaterThanOrEqualTo(4));
        foreach (var name in kinds)
        {
            var other = clean.First(item => item.Key != name && kinds.Contains(item.Key)).Value;
            for (var i = 0; i < (how == "swap" ? 1 : clean[name].Length); i++)
            {
                rig.Store.Corrupt(name, bytes => how switch
                {
                    "cut" => bytes[..i],
                    "swap" => other,
                    _ => [.. bytes.Select((b, at) => at == i ? (byte)(b ^ 0x41) : b)],
                });
                var check = await rig.CheckAsync(readData: false);
                Assert.That(check.Findings.Select(finding => finding.Blob), Does.Contain(name), $"{how} {i}");
                rig.Store.Restore(clean);
            }
        }
    }

    [Test]
    public async Task Repair_TheOnlyGcBlobRemoved_TellsWhatIsMissingAndMakesItAnew()
    {
        var rig = await BooksAsync();
        rig.Store.Remove(rig.Store.Names("gc/").Single());
        Assert.That((await rig.CheckAsync()).Findings, Is.Not.Empty);

        var report = await rig.RepairAsync();

        Assert.That(report.RebuiltGc, Is.True);
        Assert.That(report.Unrepaired, Is.Empty);
        Assert.That(await rig.DifferencesAsync(20), Is.Empty);
        await rig.BackupAsync();
        await rig.PruneAsync();
        await rig.PruneAsync();
        Assert.That((await rig.CheckAsync()).Findings, Is.Empty);
        Assert.That(await rig.DifferencesAsync(20), Is.Empty);
        Assert.That(await rig.DifferencesAsync(21), Is.Empty);
    }

    [Test]
    public async Task Repair_TheGcBlobDamaged_RebuildsItAndBackupsGoOn()
    {
        var rig = await BooksAsync();
        rig.Store.Corrupt(rig.Store.Names("gc/").Single(), bytes => bytes[..^1]);

        var report = await rig.RepairAsync();

        Assert.That(report.RebuiltGc, Is.True);
        Assert.That(report.Unrepaired, Is.Empty);
        Assert.That(await rig.DifferencesAsync(20), Is.Empty);
        Assert.That((await rig.BackupAsync()).RecoveryPoint, Is.EqualTo(21));
        Assert.That((await rig.PruneAsync()).WaitingFor, Is.Not.Null);
    }

    [Test]
    public async Task Repair_EachIndexLostOrDamaged_BringsEverythingBack([Values] bool lost)
    {
        var rig = await PointsAsync(3);
        var clean = rig.Store.Snapshot();
        foreach (var index in rig.Store.Names("index/"))
        {
            if (lost)
            {
                rig.Store.Remove(index);
            }
            else
            {
                rig.Store.Corrupt(index, bytes => bytes[..^3]);
            }

            var report = await rig.RepairAsync();

            Assert.That(report.ReindexedPacks, Is.Not.Empty);
            Assert.That(report.Unrepaired, Is.Empty, index);
            for (var point = 1; point <= 3; point++)
            {
                Assert.That(await rig.DifferencesAsync(point), Is.Empty, $"{index}, {point}");
            }

            rig.Store.Restore(clean);
        }
    }

    [Test]
    public async Task Repair_EachVaultCallFails_NeverLowersWhatCanBeRestored([Values] VaultFault fault)
    {
        var rig = await PointsAsync(2);
        rig.Store.Corrupt(rig.Store.Names("index/").First(), bytes => bytes[..^3]);
        var clean = rig.Store.Snapshot();
        for (var number = 0; number < 500; number++)
        {
            rig.Store.Restore(clean);
            var met = false;
            rig.WrapVault = vault => new FaultyVault(vault, call =>
            {
                met |= call.Number == number;
                return call.Number == number ? fault : null;
            });
            try
            {
                await rig.RepairAsync();
            }
            catch (BackupException error)
            {
                Assert.That(error.Code, Is.EqualTo(ErrorCode.VaultUnreachable), $"call {number}");
            }

            rig.WrapVault = static vault => vault;
            await rig.RepairAsync();
            Assert.That(await rig.DifferencesAsync(1), Is.Empty, $"call {number}");
            Assert.That(await rig.DifferencesAsync(2), Is.Empty, $"call {number}");
            if (!met)
            {
                return;
            }
        }

        Assert.Fail("The repair never ended without a fault.");
    }

    [Test]
    public async Task Backup_AfterAPackWasMarkedDamaged_SendsItsContentAgainAndHealsAllPoints()
    {
        var rig = await PointsAsync(1);
        rig.Store.Corrupt(rig.Store.Names("packs/").First(), bytes => [.. bytes.Select(b => (byte)(b ^ 1))]);
        Assert.That((await rig.RepairAsync()).DamagedPacks, Has.Count.EqualTo(1));

        // The same content at another place is read, and found nowhere that can be relied on.
        rig.Volume.CreateFile("copy of a.bin", 50_000, seed: 1);
        await rig.BackupAsync();

        var (report, _) = await rig.RestoreAsync(1);
        Assert.That(report.Failed.Select(item => item.Path), Does.Not.Contain("a.bin"));
    }

    [TestCase("1/1", true)]
    [TestCase("256/256", true)]
    [TestCase("0/3", false)]
    [TestCase("4/3", false)]
    [TestCase("1/257", false)]
    [TestCase("1", false)]
    [TestCase("a/b", false)]
    [TestCase("+1/2", false)]
    public void Subset_Text_IsTakenOrNot(string text, bool taken) =>
        Assert.That(ReadDataSubset.Parse(text) is not null, Is.EqualTo(taken));

    [Test]
    public void Subset_AllParts_AreEveryPackOnce([Values(1, 2, 7, 256)] int of)
    {
        for (var first = 0; first < 256; first++)
        {
            Assert.That(Enumerable.Range(1, of).Count(part => new ReadDataSubset(part, of).Includes((byte)first)), Is.EqualTo(1));
        }
    }

    /// <summary>Twenty points of which most are gone, two forgotten a moment ago, a gc blob, and a session that died.</summary>
    private static async Task<EngineRig> BooksAsync()
    {
        var rig = await PointsAsync(20);
        await rig.ForgetAsync([.. Enumerable.Range(2, 15).Select(i => (long)i)]);
        rig.Clock.Advance(TimeSpan.FromDays(20));
        await rig.PruneAsync();
        await rig.PruneAsync();
        await rig.ForgetAsync(18, 19);
        var sourceId = rig.Store.Names("commits/").First().Split('/')[1];
        var repository = await Harness.Engine.Repositories.RepositoryOpener.OpenAsync(
            new Harness.Simulator.Vaults.MemoryVault(rig.Store), new Harness.Engine.Crypto.Passphrase(rig.Passphrase), default);
        await Harness.Engine.Prune.WriterSession.OpenAsync(repository, rig.Services, sourceId, "backup", default);
        return rig;
    }

    private static async Task<EngineRig> PointsAsync(int count)
    {
        var rig = new EngineRig { Parameters = new() { KdfIterations = 1, PackBytes = 64 << 10 } };
        rig.Volume.CreateFile("a.bin", 50_000, seed: 1);
        for (var i = 1; i <= count; i++)
        {
            if (i > 1)
            {
                rig.Volume.WriteGenerated("a.bin", 0, 4096, (ulong)i);
            }

            rig.Volume.CreateFile($"b{i}", 5000, seed: (ulong)i);
            await rig.BackupAsync();
        }

        return rig;
    }
}
