using Harness.Engine.Errors;
using Harness.Engine.Local.Vaults;
using Harness.Engine.Ports;
using Harness.Tests.Support;
using NUnit.Framework;

namespace Harness.Tests.Vaults;

[TestFixture]
public sealed class DirectoryVaultTests : VaultContract
{
    private string _parent = null!;

    private string Root => Path.Join(_parent, "deep", "vault");

    [TearDown]
    public void DeleteDirectory() => Directory.Delete(_parent, recursive: true);

    [Test]
    public async Task Open_PathThatDoesNotExist_CreatesNothingUntilTheFirstBlob()
    {
        Assert.That(await Vault.GetLengthAsync("repo", CancellationToken.None), Is.Null);
        Assert.That(Directory.Exists(Root), Is.False);

        await Vault.CreateAsync("repo", Content(1), CancellationToken.None);

        Assert.That(File.ReadAllBytes(Path.Join(Root, "repo")), Is.EqualTo(Content(1)));
    }

    [Test]
    public async Task Open_PathOfAFile_ThrowsVaultUnreachable()
    {
        string file = Path.Join(_parent, "file");
        await File.WriteAllTextAsync(file, "x");

        BackupException error = await BackupErrors.ExpectAsync(
            ErrorCode.VaultUnreachable, () => Task.FromResult(DirectoryVault.Open(file)));

        Assert.That(error.Message, Does.Contain(file));
    }

    [Test]
    public async Task Create_BelowAFile_ThrowsVaultUnreachable()
    {
        await Vault.CreateAsync("packs", Content(1), CancellationToken.None);

        await BackupErrors.ExpectAsync(
            ErrorCode.VaultUnreachable, async () => await Vault.CreateAsync("packs/a", Content(1), CancellationToken.None));
    }

    [Test]
    public async Task Create_Always_LeavesNoTemporaryFile()
    {
        await Vault.CreateAsync("packs/a", Content(1), CancellationToken.None);
        await Vault.CreateAsync("packs/a", Content(2), CancellationToken.None);

        Assert.That(Directory.EnumerateFileSystemEntries(Path.Join(Root, ".tmp")), Is.Empty);
    }

    [Test]
    public async Task Reopen_AfterACrashInTheMiddleOfACreation_ShowsNoBlobAndClearsOldFiles()
    {
        string temporary = Directory.CreateDirectory(Path.Join(Root, ".tmp")).FullName;
        string abandoned = Path.Join(temporary, "00000000000000000000000000000001");
        string inUse = Path.Join(temporary, "00000000000000000000000000000002");
        await File.WriteAllTextAsync(abandoned, "half a blo");
        await File.WriteAllTextAsync(inUse, "half a blo");
        File.SetLastWriteTimeUtc(abandoned, DateTime.UtcNow.AddDays(-2));

        await Vault.CreateAsync("repo", Content(1), CancellationToken.None);

        List<string> listed = [];
        await foreach (VaultBlob blob in Vault.ListAsync("", CancellationToken.None))
        {
            listed.Add(blob.Name);
        }

        Assert.That(listed, Is.EqualTo(new[] { "repo" }));
        Assert.That(Directory.GetFiles(temporary), Is.EqualTo(new[] { inUse }));
    }

    [Test]
    public async Task List_ForeignFiles_AreNotShown()
    {
        await Vault.CreateAsync("repo", Content(1), CancellationToken.None);
        await File.WriteAllTextAsync(Path.Join(Root, "README.md"), "x");
        await File.WriteAllTextAsync(Path.Join(Root, ".hidden"), "x");

        List<string> listed = [];
        await foreach (VaultBlob blob in Vault.ListAsync("", CancellationToken.None))
        {
            listed.Add(blob.Name);
        }

        Assert.That(listed, Is.EqualTo(new[] { "repo" }));
    }

    protected override Task<IVault> NewVaultAsync()
    {
        _parent = Directory.CreateTempSubdirectory("harness-vault-").FullName;
        return ReopenAsync();
    }

    protected override Task<IVault> ReopenAsync() => Task.FromResult<IVault>(DirectoryVault.Open(Root));
}
