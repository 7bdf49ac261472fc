using Harness.Engine.Errors;
using Harness.Engine.Local.Scratch;
using Harness.Scenarios.Vaults;
using Harness.Simulator.FileSystem;
using Harness.Simulator.Kernel;
using Harness.Simulator.Volume;
using Harness.Tests.Support;
using Harness.Simulator.Scratch;
using NUnit.Framework;

namespace Harness.Tests.Vaults;

/// <summary>Whole backups to a vault on a simulated volume that fails as volumes do.</summary>
[TestFixture]
internal sealed class SimulatedVaultBackupTests
{
    private const FileShare All = FileShare.ReadWrite | FileShare.Delete;

    private EngineRig _rig = null!;
    private SimulatedVault _vault = null!;

    [SetUp]
    public void MakeVault() => Use(new SimulatedVault());

    [Test]
    public async Task Backup_VolumeFullInTheMiddle_IsVaultFullAndEarlierPointsStay()
    {
        Use(new SimulatedVault(8 << 20));
        _rig.Volume.CreateFile("first", 200_000);
        await _rig.BackupAsync();
        _rig.Volume.CreateFile("second", 40_000_000);
        var scanner = new Scanner(_vault.Volume);
        _vault.Volume.Observe(scanner);

        var error = await BackupErrors.ExpectAsync(ErrorCode.VaultFull, () => _rig.BackupAsync());

        Assert.That(error.Message, Does.Contain(SimulatedVault.Root));
        Assert.That(scanner.Opened, Is.GreaterThan(2), "It failed in the middle, not at the beginning.");
        Assert.That(_vault.Files.Directory.GetFiles(@"V:\vault\.tmp"), Is.Empty);
        Assert.That(await _rig.DifferencesAsync(1), Is.Empty);
    }

    [Test]
    public async Task Backup_AfterRoomWasMade_GoesOn()
    {
        Use(new SimulatedVault(1 << 20));
        _vault.Volume.CreateFile("ballast", 900_000);
        _rig.Volume.CreateFile("data", 500_000);
        await BackupErrors.ExpectAsync(ErrorCode.VaultFull, () => _rig.BackupAsync());

        _vault.Volume.Delete("ballast");
        await _rig.BackupAsync();

        Assert.That(await _rig.DifferencesAsync(1), Is.Empty);
    }

    [Test]
    public async Task Backup_VolumeGoesReadOnly_IsVaultAccessDeniedAndPointsCanBeRestored()
    {
        _rig.Volume.CreateFile("data", 300_000);
        await _rig.BackupAsync();
        _rig.Volume.Write("data", 0, [1]);
        _vault.Volume.IsReadOnly = true;

        await BackupErrors.ExpectAsync(ErrorCode.VaultAccessDenied, () => _rig.BackupAsync());

        Assert.That(await _rig.DifferencesAsync(1), Is.Empty);
    }

    [Test]
    public async Task Restore_PackHeldByAVirusScanner_NamesTheBlobAndWorksAfterwards()
    {
        _rig.Volume.CreateFile("data", 300_000);
        await _rig.BackupAsync();
        var pack = _vault.Volume.Walk("vault/packs").First(entry => !entry.IsDirectory).Path;
        using (_vault.Volume.Open(pack, FileAccess.Read, FileShare.None))
        {
            var error = await BackupErrors.ExpectAsync(ErrorCode.VaultUnreachable, () => _rig.RestoreAsync());
            Assert.That(error.Message, Does.Contain(pack["vault/".Length..]).And.Contain("in use"));
        }

        Assert.That(await _rig.DifferencesAsync(1), Is.Empty);
    }

    [Test]
    public async Task Backup_ScannerReadsEveryBlobWithAllShared_IsNotDisturbed()
    {
        _rig.Volume.CreateFile("data", 300_000);
        var scanner = new Scanner(_vault.Volume);
        _vault.Volume.Observe(scanner);

        await _rig.BackupAsync();

        Assert.That(scanner.Opened, Is.GreaterThan(3));
        Assert.That(await _rig.DifferencesAsync(1), Is.Empty);
    }

    [Test]
    public async Task Backup_ScratchVolumeFillsUp_CommitsAndSaysThatTheCacheWasNotSaved()
    {
        var scratchVolume = new SimVolume(new VolumeSettings { CapacityBytes = 4 << 20 }, new SimClock());
        var scratch = new FileSystemScratch(new SimFileSystem(scratchVolume), @"C:\Scratch");
        _rig.WrapScratch = _ => scratch;
        _rig.Volume.CreateFile("data", 5_000_000);
        await _rig.BackupAsync();
        _rig.Volume.WriteGenerated("data", 0, 4_000_000, seed: 9);
        scratchVolume.CreateFile("ballast", scratchVolume.FreeBytes);
        _rig.WrapScratch = _ => new OverstatedScratch(scratch, 1 << 30);

        var report = await _rig.BackupAsync();

        Assert.That(report.Warnings.Select(warning => warning.Code), Does.Contain("scratch-not-saved"));
        scratchVolume.Delete("ballast");
        await _rig.BackupAsync();
        Assert.That(await _rig.DifferencesAsync(1), Is.Empty);
        Assert.That(await _rig.DifferencesAsync(2), Is.Empty);
        Assert.That(await _rig.DifferencesAsync(3), Is.Empty);
    }

    private void Use(SimulatedVault vault)
    {
        _vault = vault;
        _rig = new EngineRig
        {
            WrapVault = _ => vault.Open(),
            CountCommits = () => vault.Volume.Find("vault/commits") is null
                ? 0
                : vault.Volume.Walk("vault/commits").Count(entry => !entry.IsDirectory),
        };
    }

    /// <summary>Opens each new file for a moment, as a scanner with good manners does.</summary>
    private sealed class Scanner(SimVolume volume) : IVolumeObserver
    {
        public int Opened { get; private set; }

        public void OnChanged(in VolumeNotice notice)
        {
            if (notice is { Kind: WatcherChangeTypes.Created, IsDirectory: false })
            {
                volume.Open(notice.Path, FileAccess.Read, All).Dispose();
                Opened++;
            }
        }
    }
}
