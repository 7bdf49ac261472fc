using Azure.Storage;
using Azure.Storage.Sas;
using Harness.Engine.Azure;
using Harness.Engine.Errors;
using Harness.Scenarios.Azurite;
using Harness.Tests.Architecture;
using Harness.Tests.Support;
using NUnit.Framework;

namespace Harness.Tests.Security;

/// <summary>
/// What each verb needs of a shared access signature, on a real server: with the least rights it works, without any one of them it says
/// which is missing, and the table of README.md is what was measured.
/// </summary>
[TestFixture]
[Category("Azurite")]
public sealed class SasRightsTests
{
    private static readonly CancellationToken None = CancellationToken.None;
    private static readonly DateTimeOffset LongAgo = new(2001, 2, 3, 4, 5, 6, TimeSpan.Zero);
    private static readonly DateTimeOffset FarAhead = new(2099, 2, 3, 4, 5, 6, TimeSpan.Zero);

    private static readonly Dictionary<char, string> Words = new() { ['r'] = "read", ['c'] = "create", ['l'] = "list", ['d'] = "delete" };

    /// <summary>Verbs, their least rights, and what runs them.</summary>
    private static readonly (string Verb, string Rights, Func<EngineRig, Task> Run)[] Verbs =
    [
        ("backup", "rcl", static rig => rig.BackupAsync()),
        ("restore", "rl", static rig => rig.RestoreAsync(1)),
        ("check", "rl", static rig => rig.CheckAsync()),
        ("recovery-points", "rl", static rig => rig.RecoveryPointsAsync()),
        ("forget", "rcl", static rig => rig.ForgetAsync(1)),
        ("undelete", "rcld", static rig => rig.UndeleteAsync(2)),
        ("prune", "rcld", static rig => rig.PruneAsync(maxUnusedPercent: 0)),
        ("repair", "rcld", static rig => rig.RepairAsync()),
    ];

    private static IEnumerable<string> VerbNames => Verbs.Select(item => item.Verb);

    [TestCaseSource(nameof(VerbNames))]
    public async Task Verb_WithTheLeastRights_WorksAndWithoutAnyOneNamesIt(string verb)
    {
        var (_, rights, run) = Verbs.Single(item => item.Verb == verb);
        var source = await VaultAsync(verb);
        await using (var vault = await WithRightsAsync(source, rights))
        {
            await RunAsync(source, vault, run);
        }

        foreach (var missing in rights)
        {
            var other = await VaultAsync(verb, missing);
            await using var vault = await WithRightsAsync(other, rights.Replace($"{missing}", "", StringComparison.Ordinal));

            var error = await BackupErrors.ExpectAsync(ErrorCode.VaultAccessDenied, () => RunAsync(other, vault, run));

            Assert.That(error.Remedy, Does.Contain($"{Words[missing]} ({missing})"), $"without {missing}: {error.Message}");
        }
    }

    [Test]
    public async Task Backup_WithoutDelete_CommitsAndSaysThatItsSessionStays()
    {
        var vault = await VaultAsync();
        await using var opened = await WithRightsAsync(vault, "rcl");
        var commits = 3;
        vault.Rig.WrapVault = _ => opened;
        vault.Rig.CountCommits = () => commits++;

        var report = await vault.Rig.BackupAsync();

        Assert.That(report.RecoveryPoint, Is.EqualTo(4));
        Assert.That(report.Warnings.Select(note => note.Code), Does.Contain("session-left"));
        Assert.That(await vault.Rig.DifferencesAsync(4), Is.Empty);
    }

    [Test]
    public async Task Create_WithCreateAndWithoutWrite_CannotReplaceOrRemove()
    {
        var vault = await VaultAsync();
        await using var opened = await WithRightsAsync(vault, "rcl");
        var before = await opened.ReadAsync("repo", 1 << 16, None);

        Assert.That(await opened.CreateAsync("packs/00/new", before, None), Is.True);
        Assert.That(await opened.CreateAsync("repo", new byte[10], None), Is.False);
        await BackupErrors.ExpectAsync(ErrorCode.VaultAccessDenied, async () => await opened.DeleteAsync("repo", None));
        Assert.That(await opened.ReadAsync("repo", 1 << 16, None), Is.EqualTo(before));
    }

    [Test]
    public async Task AnyVerb_ExpiredSas_SaysSo()
    {
        var vault = await VaultAsync();
        await using var opened = await WithRightsAsync(vault, "rcl", LongAgo);

        var error = await BackupErrors.ExpectAsync(ErrorCode.VaultAccessDenied, () => RunAsync(vault, opened, static rig => rig.BackupAsync()));

        Assert.That(error.Remedy, Does.Contain("expired"));
    }

    [Test]
    public void Readme_Table_IsWhatIsTestedHere()
    {
        var readme = SourceTree.Read("README.md");

        foreach (var (verb, rights, _) in Verbs)
        {
            Assert.That(readme, Does.Match($@"\| [^|]*`{verb}`[^|]* \| `{rights}` \|"));
        }
    }

    /// <summary>
    /// A vault on the server with three recovery points, of which the second is forgotten; the volume has been edited since. For a prune
    /// there is something to remove, for a repair something to mend.
    /// </summary>
    private static async Task<(EngineRig Rig, AzureVaultLocation Location)> VaultAsync(string verb = "", char missing = '-')
    {
        var rig = new EngineRig { Parameters = new() { KdfIterations = 1, PackBytes = 64 << 10 } };
        for (var i = 1; i <= 3; i++)
        {
            rig.Volume.CreateFile($"file {i}", 3000, seed: (ulong)i);
            if (verb == "prune" && i == 3)
            {
                // What only forgotten points have is what a prune removes.
                rig.Volume.Delete("file 1");
            }

            await rig.BackupAsync();
        }

        await rig.ForgetAsync(2);
        if (verb == "prune")
        {
            await rig.ForgetAsync(1);
            rig.Clock.Advance(TimeSpan.FromDays(20));
            if (missing != 'c')
            {
                // What is condemned already has only to be removed, which takes no right to create.
                await rig.PruneAsync(maxUnusedPercent: 0);
            }
        }
        else if (verb == "repair")
        {
            rig.Store.Corrupt(rig.Store.Names("index/")[0], static bytes => [.. bytes, 0]);
        }

        var location = await SharedAzurite.NewContainerAsync();
        await using var owner = await SharedAzurite.OpenAsync(location);
        foreach (var (name, content) in rig.Store.Snapshot())
        {
            await owner.CreateAsync(name, content, None);
        }

        rig.Volume.CreateFile("file 4", 3000, seed: 4);
        return (rig, location);
    }

    private static async Task RunAsync((EngineRig Rig, AzureVaultLocation Location) vault, AzureBlobVault opened, Func<EngineRig, Task> run)
    {
        vault.Rig.WrapVault = _ => opened;
        vault.Rig.CountCommits = static () => 0;
        await run(vault.Rig);
    }

    private static async Task<AzureBlobVault> WithRightsAsync((EngineRig Rig, AzureVaultLocation Location) vault, string rights, DateTimeOffset? expiry = null)
    {
        AzuriteProcess azurite = await SharedAzurite.GetAsync();
        BlobSasBuilder builder = new() { BlobContainerName = vault.Location.Container, Resource = "c", ExpiresOn = expiry ?? FarAhead };
        builder.SetPermissions(rights, normalize: true);
        var sas = builder.ToSasQueryParameters(new StorageSharedKeyCredential(azurite.AccountName, azurite.AccountKey)).ToString();
        return AzureBlobVault.Open(vault.Location, AzureVaultCredential.FromSas(sas));
    }
}
