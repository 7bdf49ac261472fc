using Harness.Engine.Backup;
using Harness.Engine.Errors;
using Harness.Engine.Model;
using Harness.Engine.Ports;
using Harness.Engine.Rules;
using Harness.Simulator.Scratch;
using Harness.Simulator.Volume;
using Harness.Tests.Engine.Faults;
using Harness.Tests.Support;
using NUnit.Framework;

namespace Harness.Tests.Engine;

/// <summary>The boundaries of the published numbers, to the byte. Percentages here are worked out by hand or in decimal.</summary>
[Parallelizable]
public sealed class PreflightTests
{
    private const long Limit = 58_411_555_225_600; // 54,400 GB of 2^30 bytes.
    private static readonly RuleProfile Profile = ProfileCatalog.Load("dpm-classic-2018");

    [TestCase(Limit, 5_841_155_522_560, 8_761_733_283_840)]
    [TestCase(Limit - 1, 5_841_155_522_560, 8_761_733_283_840)]
    [TestCase(1_000_000, 100_000, 150_000)]
    [TestCase(1_000_001, 100_001, 150_001)]
    [TestCase(999_999, 100_000, 150_000)]
    [TestCase(10, 1, 2)]
    [TestCase(1, 1, 1)]
    [TestCase(0, 0, 0)]
    [TestCase(long.MaxValue, 922_337_203_685_477_581, 1_383_505_805_528_216_372)]
    public void Scratch_AtAndOneByteUnderEachShare_IsJudgedToTheByte(long size, long minimum, long recommended)
    {
        Assert.That(Judge(size, recommended), Is.EqualTo("fine"));
        Assert.That(Judge(size, minimum), Is.EqualTo(minimum == recommended ? "fine" : "warned"));
        if (recommended > minimum)
        {
            Assert.That(Judge(size, recommended - 1), Is.EqualTo("warned"));
        }

        if (minimum > 0)
        {
            Assert.That(Judge(size, minimum - 1), Is.EqualTo("refused"));
        }
    }

    [TestCase("9.99", "refused")]
    [TestCase("10", "warned")]
    [TestCase("14.99", "warned")]
    [TestCase("15", "fine")]
    public void Scratch_AtAShareOfManySizes_IsJudgedAsThePageSays(string percent, string expected)
    {
        foreach (var size in new[] { 10_000L, 123_450_000, 1L << 40, Limit })
        {
            var available = (long)(decimal.Parse(percent, System.Globalization.CultureInfo.InvariantCulture) * size / 100m);
            available += expected == "refused" || available * 100m == decimal.Parse(percent, System.Globalization.CultureInfo.InvariantCulture) * size ? 0 : 1;

            Assert.That(Judge(size, available), Is.EqualTo(expected), $"{percent} % of {size}");
        }
    }

    [Test]
    public void Scratch_WhatIsThereAlready_CountsAsAvailable()
    {
        Assert.That(Judge(1000, free: 50, used: 50), Is.EqualTo("warned"));
        Assert.That(Judge(1000, free: 49, used: 50), Is.EqualTo("refused"));
        Assert.That(Judge(1000, free: long.MaxValue, used: long.MaxValue), Is.EqualTo("fine"));
    }

    [Test]
    public void Scratch_TooSmall_NamesEveryNumberAndWhatToDo()
    {
        var error = Assert.Throws<BackupException>(
            () => Preflight.CheckScratch(Profile, new ScratchInfo("the cache", 99_900, 0), 1_000_000, []))!;

        Assert.That(error.Code, Is.EqualTo(ErrorCode.ScratchTooSmall));
        Assert.That(error.Clause, Is.EqualTo("cache.minimum"));
        Assert.That(error.Message, Does.Contain("the cache").And.Contain("99,900 bytes").And.Contain("9.99 %")
            .And.Contain("1,000,000 bytes").And.Contain("10 %").And.Contain("100,000 bytes"));
        Assert.That(error.Remedy, Does.Contain("100 bytes"));
    }

    [Test]
    public async Task Source_ExactlyTheLimitAndOneByteMore_IsTakenAndRefused()
    {
        var rig = new EngineRig(settings: new VolumeSettings { Label = "big", ClusterBytes = 64 << 10 });
        var half = Limit / 2;
        foreach (var (name, size) in new[] { ("one", half), ("two", Limit - half) })
        {
            rig.Volume.CreateFile(name);
            rig.Volume.SetSparse(name);
            rig.Volume.SetEndOfFile(name, size);
        }

        rig.Scratch = new SimScratch(1L << 60);
        var report = await rig.BackupAsync();
        Assert.That(report.Protected.LogicalBytes, Is.EqualTo(Limit));
        Assert.That(report.ReadBytes, Is.Zero);

        rig.Volume.SetEndOfFile("two", Limit - half + 1);
        var error = await BackupErrors.ExpectAsync(ErrorCode.SourceTooLarge, async () => await rig.BackupAsync());
        Assert.That(error.Message, Does.Contain("58,411,555,225,601 bytes").And.Contain("1 bytes more").And.Contain("54,400 GB"));
        Assert.That(error.Clause, Is.EqualTo("limit.source-size"));
        await rig.AssertAllWellAsync();
    }

    [Test]
    public async Task Source_OfMoreBytesThanANumberHolds_IsTooLarge()
    {
        var rig = new EngineRig();
        rig.Volume.CreateFile("a", 1);
        rig.Volume.CreateFile("b", 1);
        rig.WrapSource = source => new AlteredSource(source)
        {
            Items = AlteredSource.Entries(entry => entry.Kind == EntryKind.File
                ? entry with { Streams = [entry.Streams[0] with { SizeBytes = long.MaxValue, AllocatedBytes = long.MaxValue }] }
                : entry),
        };

        await BackupErrors.ExpectAsync(ErrorCode.SourceTooLarge, async () => await rig.BackupAsync());
    }

    [Test]
    public async Task Source_OnACaseSensitiveVolume_IsRefusedAndWithPermissionOnlyWarnedOf()
    {
        var rig = new EngineRig(settings: new VolumeSettings { Label = "posix", CaseSensitive = true });
        rig.Volume.CreateFile("a", 1);
        rig.Volume.CreateFile("A", 2);

        var error = await BackupErrors.ExpectAsync(ErrorCode.SourceCaseSensitive, async () => await rig.BackupAsync());
        Assert.That(error.Clause, Is.EqualTo("source.case-sensitive"));
        Assert.That(error.Message, Does.Contain("posix"));
        Assert.That(rig.Store.Count, Is.Zero);

        var report = await rig.BackupAsync(request => request with { AllowCaseSensitive = true });
        Assert.That(report.Warnings.Select(w => (w.Code, w.Clause)), Is.EqualTo(new[] { ("case-sensitive-allowed", "source.case-sensitive") }));
        await rig.AssertAllWellAsync();
    }

    [Test]
    public async Task Source_OfflineOrLocked_IsRefusedBeforeAnythingIsWritten([Values] bool offline)
    {
        var rig = new EngineRig();
        rig.WrapSource = source => new AlteredSource(source)
        {
            Volume = info => info with { IsOffline = offline, IsLocked = !offline },
        };

        var error = await BackupErrors.ExpectAsync(ErrorCode.SourceVolumeUnsupported, async () => await rig.BackupAsync());

        Assert.That(error.Message, Does.Contain(offline ? "offline" : "locked"));
        Assert.That(rig.Store.Count, Is.Zero);
    }

    [Test]
    public async Task DryRun_OfAnything_WritesNothingAnywhere()
    {
        var rig = new EngineRig();
        rig.Volume.CreateFile("a.bin", 100_000);
        rig.Volume.CreateFile("b", 5);
        rig.Volume.CreateHardLink("c", "b");

        var report = await rig.BackupAsync(request => request with { DryRun = true });

        Assert.That(report.RecoveryPoint, Is.Null);
        Assert.That(report.Skipped.Select(item => item.Path), Is.EqualTo(new[] { "b", "c" }));
        Assert.That(rig.Store.Count, Is.Zero);
        Assert.That(rig.Scratch.PeakBytes, Is.Zero);
    }

    [TestCase(1, 1)]
    [TestCase((64 << 10) - 1, 1)]
    [TestCase((128 << 20) + 1, 1)]
    [TestCase(64 << 10, 0)]
    [TestCase(64 << 10, 10_000_001)]
    public async Task Repository_OfUnusableParameters_IsNotCreated(int packBytes, int iterations)
    {
        var rig = new EngineRig { Parameters = new() { PackBytes = packBytes, KdfIterations = iterations } };

        await BackupErrors.ExpectAsync(ErrorCode.ArgumentInvalid, async () => await rig.BackupAsync());

        Assert.That(rig.Store.Count, Is.Zero);
    }

    private static string Judge(long size, long free, long used = 0)
    {
        var warnings = new List<ReportNote>();
        try
        {
            Preflight.CheckScratch(Profile, new ScratchInfo("scratch", free, used), size, warnings);
        }
        catch (BackupException error) when (error.Code == ErrorCode.ScratchTooSmall)
        {
            return "refused";
        }

        Assert.That(warnings.Select(w => w.Code), Is.All.EqualTo("scratch-below-recommended"));
        return warnings.Count == 0 ? "fine" : "warned";
    }
}
