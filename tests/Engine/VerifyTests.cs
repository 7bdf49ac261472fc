using Harness.Engine.Crypto;
using Harness.Engine.Errors;
using Harness.Engine.Model;
using Harness.Engine.Rules;
using Harness.Engine.Verify;
using Harness.Simulator.Snapshots;
using Harness.Simulator.Vaults;
using Harness.Simulator.Volume;
using Harness.Tests.Engine.Faults;
using Harness.Tests.Support;
using NUnit.Framework;

namespace Harness.Tests.Engine;

/// <summary>A recovery point held against a source: every kind of difference is told, and no data is fetched for it.</summary>
[Parallelizable]
public sealed class VerifyTests
{
    private const long Range = 1 << 20;

    [Test]
    public async Task Verify_SourceAsProtected_IsEqualAndReadOnce()
    {
        var rig = await RigAsync();

        var report = await VerifyAsync(rig);

        Assert.That(report.Differences, Is.Empty);
        Assert.That(report.Failed, Is.Empty);
        Assert.That((report.Files, report.Directories), Is.EqualTo((4L, 2L)));
        Assert.That(report.ReadBytes, Is.EqualTo((2 * Range) + 500 + Range + 7 + 300));
    }

    [Test]
    public async Task Verify_EveryKindOfDifference_IsToldByPathAndAspect()
    {
        var rig = await RigAsync();
        var volume = rig.Volume;
        var times = volume.Get("big.bin").Times;
        volume.Write("big.bin", Range + 4, [1, 2, 3]);
        volume.SetTimes("big.bin", times);
        volume.Delete("folder/gone.txt");
        volume.CreateFile("folder/new.txt");
        volume.SetTimes("folder", rig.Snapshots[0].Get("folder").Times);
        volume.CreateStream("big.bin:added", 10);
        volume.SetTimes("big.bin", times);
        volume.SetAttributes("attributes.txt", FileAttributes.Hidden);
        volume.SetSecurity("attributes.txt", new EntrySecurity(SecurityKind.Windows, new byte[20]));
        volume.WriteGenerated("sparse.bin", 0, 4096, 4);

        var report = await VerifyAsync(rig);

        Assert.That(
            report.Differences.Select(d => $"{d.Path} {d.Aspect}"),
            Is.EquivalentTo(new[]
            {
                "attributes.txt attributes", "attributes.txt security", "big.bin content", "big.bin:added streams",
                "folder/gone.txt missing-in-source", "folder/new.txt not-in-recovery-point", "sparse.bin content",
                "sparse.bin written-time",
            }));
        Assert.That(report.Differences.Single(d => d.Path == "big.bin").Message, Does.Contain("1 of its ranges").And.Contain($"byte {Range}"));
    }

    [Test]
    public async Task Verify_WhatTheRulesSkip_IsNoDifferenceButWhatCannotBeReadIsAFailure()
    {
        var rig = await RigAsync();
        rig.Volume.CreateFile("link target");
        rig.Volume.CreateHardLink("another name", "link target");
        await rig.BackupAsync();
        rig.Faults.Fail("big.bin", SourceFault.AccessDenied);

        var report = await VerifyAsync(rig);

        Assert.That(report.Differences, Is.Empty);
        Assert.That(report.Failed.Select(item => (item.Path, item.Reason)), Is.EqualTo(new[] { ("big.bin", "access-denied") }));
    }

    [Test]
    public async Task Verify_OfAPath_LooksAtNothingElse()
    {
        var rig = await RigAsync();
        rig.Volume.Delete("big.bin");
        rig.Volume.CreateFile("unasked");
        rig.Volume.Append("folder/gone.txt", "longer"u8);

        var report = await VerifyAsync(rig, request => request with { Paths = ["folder/gone.txt"] });

        Assert.That(
            report.Differences.Where(d => d.Path.Contains("gone", StringComparison.Ordinal)).Select(d => d.Aspect),
            Is.EquivalentTo(new[] { "size", "written-time" }));
        Assert.That(report.Differences.Select(d => d.Path), Has.None.EqualTo("big.bin").And.None.EqualTo("unasked"));
        await BackupErrors.ExpectAsync(
            ErrorCode.PathNotInRecoveryPoint, async () => await VerifyAsync(rig, r => r with { Paths = ["none"] }));
    }

    [TestCase("nothing", "")]
    [TestCase("another target", "link.txt reparse")]
    [TestCase("another tag", "link.txt reparse")]
    [TestCase("a file", "link.txt kind")]
    [TestCase("a copy", "folder/second.bin hard-links")]
    [TestCase("a changed copy", "folder/second.bin content|folder/second.bin hard-links|folder/second.bin written-time")]
    [TestCase("a name less", "folder/second.bin missing-in-source")]
    [TestCase("a name more", "third.bin not-in-recovery-point")]
    [TestCase("no name", "first.bin missing-in-source|folder/second.bin missing-in-source")]
    public async Task Verify_OfPreservedLinks_TellsWhatLeadsElsewhere(string change, string expected)
    {
        var rig = await LinkRigAsync();
        var volume = rig.Volume;
        Change(volume, change);
        volume.SetTimes("folder", rig.Snapshots[0].Get("folder").Times);
        volume.SetTimes("", rig.Snapshots[0].Get("").Times);
        if (volume.Find("link.txt") is not null)
        {
            volume.SetTimes("link.txt", rig.Snapshots[0].Get("link.txt").Times);
        }

        var report = await VerifyAsync(rig);

        Assert.That(report.Failed, Is.Empty);
        Assert.That(
            report.Differences.Where(d => d.Aspect != "attributes").Select(d => $"{d.Path} {d.Aspect}"),
            Is.EqualTo(expected.Split('|', StringSplitOptions.RemoveEmptyEntries)));
    }

    private static void Change(SimVolume volume, string change)
    {
        var times = volume.Get("first.bin").Times;
        switch (change)
        {
            case "another target":
                volume.Delete("link.txt");
                volume.CreateFile("link.txt");
                volume.SetReparsePoint("link.txt", ReparseTags.SymbolicLink, ReparseTags.DataFor(ReparseTags.SymbolicLink, "elsewhere"));
                break;
            case "another tag":
                volume.Delete("link.txt");
                volume.CreateFile("link.txt");
                volume.SetReparsePoint("link.txt", 0x1234, new byte[] { 1, 2 }, new Guid("11223344-5566-7788-99aa-bbccddeeff00"));
                break;
            case "a file":
                volume.Delete("link.txt");
                volume.CreateFile("link.txt");
                break;
            case "a copy" or "a changed copy":
                volume.Delete("folder/second.bin");
                volume.CreateFile("folder/second.bin", 5000, seed: change == "a copy" ? 5UL : 6UL);
                if (change == "a copy")
                {
                    volume.SetTimes("folder/second.bin", times);
                }

                break;
            case "a name less":
                volume.Delete("folder/second.bin");
                break;
            case "a name more":
                volume.CreateHardLink("third.bin", "first.bin");
                break;
            case "no name":
                volume.Delete("folder/second.bin");
                volume.Delete("first.bin");
                break;
        }
    }

    private static async Task<EngineRig> LinkRigAsync()
    {
        var rig = new EngineRig(5);
        rig.Volume.CreateDirectory("folder");
        rig.Volume.CreateFile("first.bin", 5000, seed: 5);
        rig.Volume.CreateHardLink("folder/second.bin", "first.bin");
        rig.Volume.CreateFile("link.txt");
        rig.Volume.SetReparsePoint("link.txt", ReparseTags.SymbolicLink, ReparseTags.DataFor(ReparseTags.SymbolicLink, "first.bin"));
        await rig.BackupAsync(request => request with
        {
            Profile = request.Profile.Preserving(PreserveModes.ReparsePoints | PreserveModes.HardLinks),
        });
        return rig;
    }

    private static async Task<EngineRig> RigAsync()
    {
        var rig = new EngineRig(5);
        rig.Volume.CreateFile("big.bin");
        rig.Volume.WriteGenerated("big.bin", 0, (2 * Range) + 500, 3);
        rig.Volume.CreateFile("attributes.txt");
        rig.Volume.Append("attributes.txt", "1234567"u8);
        rig.Volume.CreateDirectory("folder");
        rig.Volume.CreateFile("folder/gone.txt");
        rig.Volume.WriteGenerated("folder/gone.txt", 0, 300, 9);
        rig.Volume.CreateFile("sparse.bin");
        rig.Volume.SetSparse("sparse.bin");
        rig.Volume.SetEndOfFile("sparse.bin", 4 * Range);
        rig.Volume.WriteGenerated("sparse.bin", 2 * Range, 70_000, 6);
        await rig.BackupAsync();
        return rig;
    }

    private static async Task<VerifyReport> VerifyAsync(EngineRig rig, Func<VerifyRequest, VerifyRequest>? change = null)
    {
        var request = new VerifyRequest
        {
            Vault = new FaultyVault(
                new MemoryVault(rig.Store),
                call => call.Name.StartsWith("packs/", StringComparison.Ordinal) ? VaultFault.Before : null),
            Passphrase = new Passphrase(rig.Passphrase),
            Source = new SimDataSource(rig.Volume, "", rig.Faults),
            Profile = ProfileCatalog.Load(ProfileCatalog.DefaultId),
        };
        return await new VerifyJob(rig.Services).RunAsync(change?.Invoke(request) ?? request, CancellationToken.None);
    }
}
