using Harness.Engine.Errors;
using Harness.Simulator.Content;
using Harness.Tests.Support;
using NUnit.Framework;

namespace Harness.Tests.Engine;

/// <summary>Whatever happens to a blob is noticed, named, and never gives back wrong bytes.</summary>
[Parallelizable(ParallelScope.All)]
public sealed class VaultDamageTests
{
    [Test]
    public async Task Check_EveryBlobFlippedSomewhere_NamesTheBlob([Range(0, 9)] int part)
    {
        var rig = await TwoPointsAsync();
        var clean = rig.Store.Snapshot();
        foreach (var (name, content) in clean)
        {
            for (var i = part; i < content.Length; i += 10 * Math.Max(1, content.Length / 200))
            {
                rig.Store.Corrupt(name, bytes =>
                {
                    bytes[i] ^= (byte)(i % 3 == 0 ? 0x80 : 0x21);
                    return bytes;
                });
                await AssertNoticedAsync(rig, name, $"byte {i}");
                rig.Store.Restore(clean);
            }
        }
    }

    [Test]
    public async Task Check_EveryBlobTruncated_NamesTheBlob()
    {
        var rig = await TwoPointsAsync();
        var clean = rig.Store.Snapshot();
        foreach (var (name, content) in clean)
        {
            foreach (var length in new[] { 0, 1, content.Length / 2, content.Length - 1 })
            {
                rig.Store.Corrupt(name, bytes => bytes[..length]);
                await AssertNoticedAsync(rig, name, $"cut to {length}");
                rig.Store.Restore(clean);
            }
        }
    }

    [Test]
    public async Task Check_EveryBlobRemoved_IsNoticed()
    {
        var rig = await TwoPointsAsync();
        var clean = rig.Store.Snapshot();
        var newest = rig.Store.Names("commits/").Last();
        foreach (var name in clean.Keys.Where(name => name != newest))
        {
            rig.Store.Remove(name);
            await AssertNoticedAsync(rig, name, "removed");
            rig.Store.Restore(clean);
        }
    }

    [Test]
    public async Task Backup_AfterTheNewestCommitWasTakenAway_IsRefused()
    {
        var rig = await TwoPointsAsync();
        rig.Store.Remove(rig.Store.Names("commits/").Last());

        var error = (await Assert.ThrowsAsync<BackupException>(() => rig.BackupAsync()))!;

        Assert.That(error.Code, Is.EqualTo(ErrorCode.VaultRolledBack));
    }

    [Test]
    public async Task Restore_WithOnePackDamaged_RestoresTheOtherFilesAndListsTheLost()
    {
        var rig = await TwoPointsAsync();
        rig.Store.Corrupt(rig.Store.Names("packs/").First(), bytes => [.. bytes.Select(b => (byte)(b ^ 1))]);

        var (report, volume) = await rig.RestoreAsync(2);

        Assert.That(report.Failed, Is.Not.Empty);
        Assert.That(report.Failed.Select(item => item.Reason), Is.All.EqualTo("vault-damaged"));
        Assert.That(report.Files, Is.Positive);
        Assert.That(report.Failed.Select(item => volume.Find(item.Path)), Is.All.Null);
    }

    [Test]
    public async Task Restore_WithAnyOnePackDamagedOrGone_FailsForExactlyThePointsThatCheckNames([Values] bool gone)
    {
        var rig = new EngineRig { Parameters = new() { KdfIterations = 1, PackBytes = 64 << 10 } };
        rig.Volume.CreateFile("secret.bin", (2 << 20) + 5000);
        rig.Volume.Encrypt("secret.bin");
        rig.Volume.CreateFile("a.bin", 9000);
        await rig.BackupAsync();
        rig.Volume.Write("secret.bin", 2 << 20, "a full-only file is stored anew, so most segments lie in two packs"u8);
        await rig.BackupAsync();
        var clean = rig.Store.Snapshot();
        var saved = 0;
        foreach (var pack in rig.Store.Names("packs/"))
        {
            _ = gone ? rig.Store.Remove(pack) : Flip(rig, pack);

            var suffering = (await rig.CheckAsync()).Findings.SelectMany(finding => finding.RecoveryPoints).ToHashSet();

            for (var point = 1; point <= 2; point++)
            {
                var (report, _) = await rig.RestoreAsync(point);
                Assert.That(report.Failed.Count > 0, Is.EqualTo(suffering.Contains($"data#{point}")), $"{pack}, {point}");
            }

            saved += suffering.Count == 0 ? 1 : 0;
            rig.Store.Restore(clean);
        }

        Assert.That(saved, Is.Positive);
    }

    private static bool Flip(EngineRig rig, string pack)
    {
        rig.Store.Corrupt(pack, bytes => [.. bytes.Select(b => (byte)(b ^ 1))]);
        return true;
    }

    [Test]
    public async Task Open_AnotherFormatVersion_IsRefusedBeforeAnythingElse()
    {
        var rig = await TwoPointsAsync();
        rig.Store.Corrupt("repo", bytes => System.Text.Encoding.UTF8.GetBytes(
            System.Text.Encoding.UTF8.GetString(bytes).Replace("\"version\":1", "\"version\":2", StringComparison.Ordinal)));

        var error = (await Assert.ThrowsAsync<BackupException>(() => rig.BackupAsync()))!;

        Assert.That(error.Code, Is.EqualTo(ErrorCode.VaultFormatUnsupported));
        Assert.That(error.Message, Does.Contain('2'));
    }

    [Test]
    public async Task Open_WrongPassphrase_IsRefusedAndChangesNothing()
    {
        var rig = await TwoPointsAsync();
        var before = rig.Store.Snapshot();
        rig.Passphrase = "another passphrase of the tests";

        var error = (await Assert.ThrowsAsync<BackupException>(() => rig.BackupAsync()))!;

        Assert.That(error.Code, Is.EqualTo(ErrorCode.PassphraseWrong));
        Assert.That(error.ToString(), Does.Not.Contain("passphrase of the tests"));
        Assert.That(rig.Store.Snapshot(), Is.EqualTo(before));
    }

    [Test]
    public async Task Backup_RepoBlobGone_IsRefusedRatherThanStartedAnew()
    {
        var rig = await TwoPointsAsync();
        rig.Store.Remove("repo");

        var error = (await Assert.ThrowsAsync<BackupException>(() => rig.BackupAsync()))!;

        Assert.That(error.Code, Is.EqualTo(ErrorCode.VaultBlobMissing));
    }

    [Test]
    public async Task Vault_HoldsNoNameAndNoText()
    {
        var rig = await TwoPointsAsync();
        var all = rig.Store.Snapshot();

        foreach (var (name, content) in all)
        {
            var text = System.Text.Encoding.Latin1.GetString(content);
            Assert.That(name, Does.Not.Contain("plain"));
            Assert.That(text, Does.Not.Contain("plain-name"));
            Assert.That(text, Does.Not.Contain("very readable words"));
        }
    }

    private static async Task<EngineRig> TwoPointsAsync()
    {
        var rig = new EngineRig { Parameters = new() { KdfIterations = 1, PackBytes = 64 << 10 } };
        rig.Volume.CreateFile("plain-name.txt");
        rig.Volume.Append("plain-name.txt", "very readable words"u8);
        rig.Volume.CreateFile("a.bin", 90_000);
        rig.Volume.CreateFile("b.txt", 20_000, ContentProfile.Text);
        await rig.BackupAsync();
        rig.Volume.WriteGenerated("a.bin", 8192, 4096, 9);
        rig.Volume.CreateFile("c.bin", 1000);
        await rig.BackupAsync();
        return rig;
    }

    private static async Task AssertNoticedAsync(EngineRig rig, string blob, string what)
    {
        try
        {
            var check = await rig.CheckAsync();
            Assert.That(check.Findings.Select(f => f.Blob), Does.Contain(blob), what);
            Assert.That(check.Findings.Select(f => f.Code), Is.All.AnyOf("VaultBlobDamaged", "VaultBlobMissing"));
        }
        catch (BackupException error)
        {
            Assert.That(
                error.Code,
                Is.AnyOf(ErrorCode.VaultBlobDamaged, ErrorCode.VaultBlobMissing, ErrorCode.VaultFormatUnsupported),
                $"{blob} {what}: {error.Message}");
        }
    }
}
