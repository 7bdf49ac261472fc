using Harness.Engine.Backup;
using Harness.Engine.Crypto;
using Harness.Engine.Format;
using Harness.Engine.Local.Sources;
using Harness.Engine.Local.Targets;
using Harness.Engine.Model;
using Harness.Engine.Ports;
using Harness.Engine.Restore;
using Harness.Engine.Rules;
using Harness.Simulator.Kernel;
using Harness.Simulator.Recipes;
using Harness.Simulator.Scratch;
using Harness.Simulator.Snapshots;
using Harness.Simulator.Vaults;
using Harness.Simulator.Volume;
using Harness.Tests.Local;
using Harness.Tests.Support;
using NUnit.Framework;

namespace Harness.Tests.Ntfs;

/// <summary>
/// One recipe on a simulated volume and on a real one that ntfs-3g made: the engine must say and send the same of both, in full
/// and after the same edits, and the real one must come back whole.
/// </summary>
[TestFixture]
[Platform("Linux", Reason = "ntfs-3g is a driver for Linux.")]
[NonParallelizable]
internal sealed class VerdictEqualityTests
{
    private const string SourceName = "everything";
    private const string Edits = "everywhere";

    private static readonly Passphrase Passphrase = new("a passphrase of the tests");

    // By hand: what a support matrix names and this driver cannot make. Everything else of the recipe is on both volumes.
    private static readonly Dictionary<string, string> Inexpressible = new()
    {
        ["supported/compressed-sparse.db"] = NtfsConversion.CompressedAndSparse,
        ["skipped/encrypted-compressed.bin"] = NtfsConversion.EncryptedAndCompressed,
        ["streams/compressed-stream.bin:packed"] = NtfsConversion.StoredUnlikeItsFile,
    };

    private static readonly string[] Encrypted =
    [
        "more/encrypted-empty.dat", "more/encrypted-streams.dat", "supported/encrypted.bin",
    ];

    private SimVolume _simulated = null!;
    private NtfsVolume _real = null!;
    private NtfsConversion _conversion = null!;
    private MemoryVaultStore _simulatedVault = null!;
    private MemoryVaultStore _realVault = null!;
    private BackupReport[] _simulatedReports = null!;
    private BackupReport[] _realReports = null!;

    [OneTimeSetUp]
    public async Task RunBothAsync()
    {
        _real = NtfsVolume.Create(256 << 20);
        var recipe = Recipe();
        _simulated = RecipeBuilder.Build(recipe, new SimClock());
        _simulated.SetSecurity(
            "ordinary/letter.txt", new EntrySecurity(SecurityKind.Windows, NtfsFixtureItems.SecurityDescriptor));
        _conversion = await NtfsConversion.OfAsync(_simulated);
        NtfsPopulator.Populate(
            _real,
            [.. _conversion.Items.Select(item => item.Path == "ordinary/letter.txt" ? item with { DosName = "LETTER~1.TXT" } : item)]);
        foreach (var path in _conversion.Inexpressible.Keys)
        {
            _simulated.Delete(path);
        }

        (_simulatedVault, _realVault) = (new MemoryVaultStore(), new MemoryVaultStore());
        var (simulatedScratch, realScratch) = (new SimScratch(1L << 40), new SimScratch(1L << 40));
        var firsts = (await BackupAsync(new SimDataSource(_simulated), _simulatedVault, simulatedScratch),
            await BackupAsync(RealSource(), _realVault, realScratch));
        await NtfsEditor.ApplyAsync(_real, _simulated, recipe, Edits);
        var seconds = (await BackupAsync(new SimDataSource(_simulated), _simulatedVault, simulatedScratch),
            await BackupAsync(RealSource(), _realVault, realScratch));
        _simulatedReports = [firsts.Item1, seconds.Item1];
        _realReports = [firsts.Item2, seconds.Item2];
    }

    [OneTimeTearDown]
    public void Release() => _real?.Dispose();

    [Test]
    public void Recipe_WhatTheDriverCannotMake_IsThisListAndNoMore() =>
        Assert.That(_conversion.Inexpressible, Is.EquivalentTo(Inexpressible));

    [TestCase(1, BackupMode.Full)]
    [TestCase(2, BackupMode.Incremental)]
    public void Report_OfBothVolumes_IsTheSame(int point, BackupMode mode)
    {
        var (simulated, real) = (_simulatedReports[point - 1], _realReports[point - 1]);

        Assert.Multiple(() =>
        {
            Assert.That((real.RecoveryPoint, real.Mode), Is.EqualTo(((long?)point, mode)));
            Assert.That(real.Skipped, Is.EqualTo(simulated.Skipped));
            Assert.That(real.FullOnly, Is.EqualTo(simulated.FullOnly));
            Assert.That(real.Failed, Is.EqualTo(simulated.Failed).And.Empty);
            Assert.That(real.Protected.Files, Is.EqualTo(simulated.Protected.Files));
            Assert.That(real.Protected.Directories, Is.EqualTo(simulated.Protected.Directories));
            Assert.That(real.Protected.LogicalBytes, Is.EqualTo(simulated.Protected.LogicalBytes));
            Assert.That(real.ChangedBytes, Is.EqualTo(simulated.ChangedBytes));
        });
    }

    [Test]
    public void Report_OfTheRealVolume_IsWhatTheDocumentSays()
    {
        var skipped = _realReports[0].Skipped.ToDictionary(item => item.Path, item => (item.Reason, item.Clause));

        Assert.That(_realReports[0].FullOnly, Is.EqualTo(Encrypted));
        Assert.That(skipped.Select(item => (item.Key, item.Value.Reason)), Is.EquivalentTo(new[]
        {
            ("skipped/linked-a.bin", "hard-link"),
            ("skipped/linked-b.bin", "hard-link"),
            ("more/linked thrice", "hard-link"),
            ("more/third name", "hard-link"),
            ("more/hidden folder/second name", "hard-link"),
            ("skipped/symlink.txt", "reparse-point"),
            ("skipped/junction", "reparse-point"),
            ("skipped/deduplicated.iso", "reparse-point"),
            ("skipped/cloud.pptx", "reparse-point"),
            ("more/app alias.exe", "reparse-point"),
            ("more/archived.tif", "reparse-point"),
            ("more/overlay.dll", "reparse-point"),
            ("skipped/encrypted-sparse.bin", "encrypted-and-sparse"),
            ("streams/sparse-stream.bin:thin", "sparse-stream"),
            ("more/both-streams.txt:thin", "sparse-stream"),
            ("more/compressed-streams.txt:packed", "compressed-stream"),
        }));
    }

    [TestCase(1)]
    [TestCase(2)]
    public async Task Sent_ByFile_IsTheSameOnBoth(int point)
    {
        var simulated = await SentAsync(_simulatedVault, point);
        var real = await SentAsync(_realVault, point);

        Assert.That(real, Is.EqualTo(simulated).And.Not.Empty);
    }

    [Test]
    public async Task Sent_AfterTheEdits_IsTheChangedPagesAndTheEncryptedFileWhole()
    {
        var sent = await SentAsync(_realVault, 2);

        // Ciphertext goes whole; the two bytes behind it are zeros and are not sent, as no zeros are.
        Assert.That(sent, Is.EqualTo(new SortedDictionary<string, long>(StringComparer.Ordinal)
        {
            ["more/grows.log"] = 9 << 10,
            ["more/sparse.bin"] = 4096,
            ["ordinary/new.bin"] = 10 << 10,
            ["ordinary/plain.bin"] = 4096,
            ["ordinary/with streams.docx:summary"] = 4096,
            ["supported/compressed.log"] = 4096,
            ["supported/encrypted.bin"] = 200 << 10,
            ["supported/sparse.vhd"] = 4096,
        }));
    }

    [Test]
    public async Task Restore_ToASecondVolume_IsTheVolumeAgainButForWhatIsSkipped()
    {
        using var to = NtfsVolume.Create(256 << 20);
        using (var target = new LocalRestoreTarget(to.Root))
        {
            var report = await new RestoreJob(Services()).RunAsync(
                new RestoreRequest { Vault = new MemoryVault(_realVault), Passphrase = Passphrase, Target = target }, default);
            Assert.That(report.Notes, Is.Empty);
            Assert.That(report.Failed, Is.Empty);
        }

        to.Remount();
        await using var source = await SourceListing.OfAsync(_real.Root);
        await using var restored = await SourceListing.OfAsync(to.Root);
        var leftOut = _realReports[1].Skipped.Select(item => item.Path).ToHashSet();
        Assert.That(restored.Errors, Is.Empty);
        Assert.That(restored.Order, Is.EqualTo(source.Order.Where(path => !leftOut.Contains(path))));
        foreach (var path in restored.Order.Where(path => path.Length > 0))
        {
            await NtfsComparer.AssertSameAsync(source, restored, path, leftOut);
        }
    }

    /// <summary>The sample of the seed page, more beside it, and the edits of that.</summary>
    private static Recipe Recipe()
    {
        var sample = RecipeSamples.Load("seed-page");
        var more = RecipeLoader.Load(Path.Combine(AppContext.BaseDirectory, "Ntfs", "everything.yaml"));
        return sample with { Entries = [.. sample.Entries, .. more.Entries], Edits = more.Edits };
    }

    private static EngineServices Services() =>
        new(TimeProvider.System, new SeededRandomSource(7), new InlineWorkPool(), new NoProgress());

    private LinuxDirectorySource RealSource() => new(_real.Root, TimeProvider.System);

    private static async Task<BackupReport> BackupAsync(IDataSource source, MemoryVaultStore vault, SimScratch scratch) =>
        await new BackupJob(Services()).RunAsync(
            new BackupRequest
            {
                Source = source,
                SourceName = SourceName,
                Vault = new MemoryVault(vault),
                Scratch = scratch,
                Profile = ProfileCatalog.Load(ProfileCatalog.DefaultId),
                Passphrase = Passphrase,
                NewRepository = new RepositoryParameters { KdfIterations = 1 },
            },
            default);

    private static Task<SortedDictionary<string, long>> SentAsync(MemoryVaultStore vault, long point) =>
        SentFiles.OfAsync(new MemoryVault(vault), Passphrase, SourceName, point);
}
