using Harness.Engine.Crypto;
using Harness.Engine.Errors;
using Harness.Engine.Repositories;
using Harness.Tests.Support;
using NUnit.Framework;

namespace Harness.Tests.Engine;

/// <summary>A vault whose opening is begun before the run.</summary>
[Parallelizable(ParallelScope.All)]
public sealed class VaultOpeningTests
{
    [Test]
    public async Task Backup_WithAnOpeningBegunBefore_CountsItsRequests()
    {
        var (early, late) = (new EngineRig(), new EngineRig());
        await early.BackupAsync();
        await late.BackupAsync();
        var request = early.Request();
        await using var opening = await VaultOpening.BeginAsync(
            request.Vault, request.Passphrase, early.Services.Work, request.Scratch, CancellationToken.None);

        var report = await early.BackupAsync(_ => request with { Opening = opening });

        Assert.That(report.RecoveryPoint, Is.EqualTo(2));
        Assert.That(report.Requests, Is.EqualTo((await late.BackupAsync()).Requests));
        await early.AssertAllWellAsync();
    }

    [Test]
    public async Task Backup_WithAnOpeningThatFailed_SaysWhy()
    {
        var rig = new EngineRig();
        await rig.BackupAsync();
        var request = rig.Request();
        await using var opening = await VaultOpening.BeginAsync(
            request.Vault, new Passphrase("another passphrase"), rig.Services.Work, request.Scratch, CancellationToken.None);

        var error = await Assert.ThrowsAsync<BackupException>(() => rig.BackupAsync(_ => request with { Opening = opening }));

        Assert.That(error!.Code, Is.EqualTo(ErrorCode.PassphraseWrong));
    }

    [Test]
    public async Task Backup_ThatMayIdle_DoesSoOnceTheListingIsDone()
    {
        var rig = new EngineRig();
        rig.Volume.CreateFile("a.bin", 5000);
        await rig.BackupAsync();
        var waited = new List<Task>();
        var services = rig.Services with { Idle = waited.Add };

        await new Harness.Engine.Backup.BackupJob(services).RunAsync(rig.Request(), CancellationToken.None);

        Assert.That(waited, Has.Count.EqualTo(1));
    }
}
