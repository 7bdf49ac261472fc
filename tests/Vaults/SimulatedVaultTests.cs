using Harness.Engine.Errors;
using Harness.Engine.Local.Vaults;
using Harness.Engine.Ports;
using Harness.Scenarios.Vaults;
using Harness.Tests.Support;
using NUnit.Framework;

namespace Harness.Tests.Vaults;

/// <summary>The contract on a directory of a simulated Windows volume, and what only such a volume shows.</summary>
[TestFixture]
public sealed class SimulatedVaultTests : VaultContract
{
    private static readonly CancellationToken None = CancellationToken.None;

    private SimulatedVault _simulated = null!;

    [Test]
    public async Task Open_PathThatDoesNotExist_CreatesNothingUntilTheFirstBlob()
    {
        Assert.That(await Vault.GetLengthAsync("repo", None), Is.Null);
        Assert.That(_simulated.Volume.DirectoryCount, Is.EqualTo(1));

        await Vault.CreateAsync("packs/ab/cd", Content(1), None);

        Assert.That(_simulated.Files.File.ReadAllBytes(@"V:\VAULT\packs\AB\cd"), Is.EqualTo(Content(1)));
        Assert.That(_simulated.Files.Directory.GetFileSystemEntries(@"V:\vault\.tmp"), Is.Empty);
    }

    [Test]
    public async Task Open_PathOfAFile_ThrowsVaultUnreachable()
    {
        _simulated.Files.File.WriteAllText(@"V:\file", "x");

        await BackupErrors.ExpectAsync(
            ErrorCode.VaultUnreachable, () => Task.FromResult(DirectoryVault.Open(@"V:\file", files: _simulated.Files)));
    }

    [Test]
    public async Task Create_VolumeFull_ThrowsVaultFullAndLeavesNothingOfTheBlob()
    {
        _simulated = new SimulatedVault(64 * 1024);
        await using var vault = _simulated.Open();
        await vault.CreateAsync("a", Content(30_000), None);

        var error = await BackupErrors.ExpectAsync(
            ErrorCode.VaultFull, async () => await vault.CreateAsync("b", Content(40_000), None));

        Assert.That(error.Message, Does.Contain("'b'").And.Contain(SimulatedVault.Root));
        Assert.That(await vault.GetLengthAsync("b", None), Is.Null);
        Assert.That(_simulated.Files.Directory.GetFileSystemEntries(@"V:\vault\.tmp"), Is.Empty);
        Assert.That(await vault.ReadAsync("a", 30_000, None), Is.EqualTo(Content(30_000)));
    }

    [Test]
    public async Task Create_ReadOnlyVolume_ThrowsVaultAccessDenied()
    {
        await Vault.CreateAsync("a", Content(1), None);
        _simulated.Volume.IsReadOnly = true;

        await BackupErrors.ExpectAsync(ErrorCode.VaultAccessDenied, async () => await Vault.CreateAsync("b", Content(1), None));
        await BackupErrors.ExpectAsync(ErrorCode.VaultAccessDenied, async () => await Vault.DeleteAsync("a", None));
        Assert.That(await Vault.ReadAsync("a", 10, None), Is.EqualTo(Content(1)));
    }

    [Test]
    public async Task Read_BlobHeldByAVirusScanner_SaysThatItIsInUse()
    {
        await Vault.CreateAsync("packs/a", Content(10), None);
        using (_simulated.Volume.Open("vault/packs/a", FileAccess.Read, FileShare.None))
        {
            var error = await BackupErrors.ExpectAsync(
                ErrorCode.VaultUnreachable, async () => await Vault.ReadAsync("packs/a", 10, None));
            Assert.That(error.Message, Does.Contain("packs/a").And.Contain("in use"));
            Assert.That(error.Remedy, Does.Contain("virus"));
            await BackupErrors.ExpectAsync(ErrorCode.VaultUnreachable, async () => await Vault.DeleteAsync("packs/a", None));
        }

        Assert.That(await Vault.ReadAsync("packs/a", 10, None), Is.EqualTo(Content(10)));
    }

    [Test]
    public async Task Read_BytesLockedByAnotherProgram_SaysThatTheyAreInUse()
    {
        await Vault.CreateAsync("a", Content(10), None);
        using var scanner = _simulated.Volume.Open("vault/a", FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        scanner.Lock(5, 1);

        Assert.That(await Vault.ReadRangeAsync("a", 0, new byte[5], None), Is.EqualTo(5));
        await BackupErrors.ExpectAsync(ErrorCode.VaultUnreachable, async () => await Vault.ReadAsync("a", 10, None));
    }

    [Test]
    public async Task Delete_BlobBeingRead_FreesTheNameAndTheReaderGoesOn()
    {
        await Vault.CreateAsync("a", Content(10), None);
        using var reader = _simulated.Volume.Open("vault/a", FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);

        Assert.That(await Vault.DeleteAsync("a", None), Is.True);
        Assert.That(await Vault.CreateAsync("a", Content(3), None), Is.True);
        Assert.That(reader.SizeBytes, Is.EqualTo(10));
    }

    [Test]
    public async Task Create_FileOfTheSameNameInOtherCase_TakesTheName()
    {
        await Vault.CreateAsync("a", Content(1), None);
        _simulated.Files.File.WriteAllText(@"V:\vault\REPO", "x");

        Assert.That(await Vault.CreateAsync("repo", Content(1), None), Is.False);
    }

    [Test]
    public async Task Create_AbandonedTemporaryFiles_AreClearedUnlessSomebodyHoldsThem()
    {
        await using (var first = _simulated.Open())
        {
            await first.CreateAsync("a", Content(1), None);
        }

        _simulated.Files.File.WriteAllText(@"V:\vault\.tmp\old", "x");
        _simulated.Files.File.SetLastWriteTimeUtc(@"V:\vault\.tmp\old", new DateTime(2000, 1, 1, 0, 0, 0, DateTimeKind.Utc));
        await using var vault = _simulated.Open();
        await vault.CreateAsync("b", Content(1), None);

        Assert.That(_simulated.Files.Directory.GetFileSystemEntries(@"V:\vault\.tmp"), Is.Empty);
    }

    protected override Task<IVault> NewVaultAsync()
    {
        _simulated = new SimulatedVault();
        return ReopenAsync();
    }

    protected override Task<IVault> ReopenAsync() => Task.FromResult<IVault>(_simulated.Open());
}
