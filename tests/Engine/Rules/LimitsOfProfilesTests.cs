using Harness.Engine.Backup;
using Harness.Engine.Errors;
using Harness.Engine.Retention;
using Harness.Engine.Rules;
using Harness.Tests.Support;
using NUnit.Framework;

namespace Harness.Tests.Engine.Rules;

/// <summary>The engine keeps the limits of whatever profile it is given.</summary>
[Parallelizable(ParallelScope.All)]
public sealed class LimitsOfProfilesTests
{
    [Test]
    public async Task RecoveryPoints_AsManyAsTheProfileAllows_AreMadeAndThenNoMore()
    {
        var rig = Rig();
        var rules = With(options => options with { MaxRecoveryPoints = 2 });
        _ = await rig.BackupAsync(request => request with { Profile = rules });
        _ = await rig.BackupAsync(request => request with { Profile = rules });

        var error = await BackupErrors.ExpectAsync(
            ErrorCode.RecoveryPointLimitReached, () => rig.BackupAsync(request => request with { Profile = rules }));

        Assert.That(error.Clause, Is.EqualTo("limit.recovery-points"));
        await rig.ForgetAsync(1);
        Assert.That(async () => await rig.BackupAsync(request => request with { Profile = rules }), Throws.Nothing);
    }

    [TestCase(true, 2)]
    [TestCase(false, 4)]
    public async Task BackupsOfADay_CountWhereAScheduleAsks(bool isScheduled, int made)
    {
        var rig = Rig();
        var rules = ProfileCatalog.Load("dpm-classic-2018");
        var points = 0;
        for (var i = 0; i < 4; i++)
        {
            try
            {
                points += (await rig.BackupAsync(request => request with { Profile = rules, IsScheduled = isScheduled })).RecoveryPoint is null ? 0 : 1;
            }
            catch (BackupException error) when (error.Code == ErrorCode.BackupsPerDayExceeded)
            {
                Assert.That(error.Clause, Is.EqualTo("schedule.backups-per-day"));
            }
        }

        Assert.That(points, Is.EqualTo(made));
    }

    [Test]
    public void Retention_OfAnotherProfile_HasItsOwnRanges()
    {
        var ranges = RetentionRanges.Published with { Daily = new RetentionRange("daily", 1, 30, "days") };

        Assert.That(() => new RetentionPolicy { DailyDays = 1 }.RequireValid(ranges), Throws.Nothing);
        Assert.That(
            () => new RetentionPolicy { DailyDays = 31 }.RequireValid(ranges),
            Throws.TypeOf<BackupException>().With.Property(nameof(BackupException.Clause)).EqualTo("retention.daily"));
    }

    [TestCase(ErrorCode.ScratchFull, "SalLowDiskSpace")]
    [TestCase(ErrorCode.ScratchDamaged, "SalChecksumStoreInitializationFailed")]
    [TestCase(ErrorCode.ScratchNotWritable, "SalVhdInitializationError")]
    [TestCase(ErrorCode.PassphraseWrong, "34506")]
    [TestCase(ErrorCode.VaultAccessDenied, "34513")]
    [TestCase(ErrorCode.VaultRolledBack, "100110")]
    [TestCase(ErrorCode.VaultUnreachable, "100050")]
    [TestCase(ErrorCode.RetentionPolicyInvalid, "0x29834")]
    [TestCase(ErrorCode.SourceTooLarge, null)]
    public void PublishedCode_IsThatOfTheDocuments(ErrorCode code, string? published) =>
        Assert.That(PublishedCodes.Of(code), Is.EqualTo(published));

    [TestCase(0, 5, AlertLevel.None)]
    [TestCase(99, 1_000_001, AlertLevel.Warning)]
    [TestCase(1, 1_000_001, AlertLevel.Warning)]
    [TestCase(100, 1_000_001, AlertLevel.Undecided)]
    [TestCase(99, 1_000_000, AlertLevel.Undecided)]
    [TestCase(1, 10, AlertLevel.Undecided)]
    public void PartialSuccess_IsAWarningWithinTheDocumentedNumbersOnly(long failed, long files, AlertLevel alert) =>
        Assert.That(PartialSuccess.Judge(failed, files), Is.EqualTo(alert));

    private static EngineRig Rig()
    {
        var rig = new EngineRig();
        rig.Volume.CreateFile("a.txt", 5000);
        return rig;
    }

    private static RuleProfile With(Func<ProfileOptions, ProfileOptions> change)
    {
        var rules = ProfileCatalog.Load(ProfileCatalog.DefaultId);
        return new RuleProfile("limited", rules.Title, change(rules.Options), rules.Clauses, rules.FileTypes);
    }
}
