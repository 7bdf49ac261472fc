using Harness.Engine.Backup;
using Harness.Engine.Crypto;
using Harness.Engine.Local.Runtime;
using Harness.Engine.Local.Scratch;
using Harness.Engine.Local.Vaults;
using Harness.Engine.Ports;
using Harness.Engine.Rules;
using Harness.Perf.Macro;
using Harness.Simulator.Content;
using Harness.Simulator.Kernel;
using Harness.Simulator.Scratch;
using Harness.Simulator.Snapshots;
using Harness.Simulator.Volume;

namespace Harness.Perf.Scale;

/// <summary>
/// The largest data source of the default profile as sparse disk images with pages of data all over them: all pages are
/// written, protected, written again and protected again; then the vault is restored, checked and pruned. The source is simulated; vault and scratch location are real ones.
/// </summary>
/// <param name="directory">Directory for vault and scratch location; empty at first.</param>
/// <param name="volumeBytes">Logical bytes of all images.</param>
/// <param name="pages">Pages of 4 KiB that are written each time, at random.</param>
internal sealed class HugeBackupRun(string directory, long volumeBytes, int pages)
{
    private const int Images = 64;
    private const int PageBytes = 4096;

    /// <summary>More than the 10 % that the rules want of such a source: measured is how little of it is used.</summary>
    private const long RoomBytes = 1L << 43;

    private const string Words = "a passphrase for measuring";

    private readonly SimVolume _volume = new(new VolumeSettings { Label = "huge" }, new SimClock());
    private readonly SimChangeTracking _tracking = new() { KeptSnapshots = 2 };
    private readonly List<MacroStep> _steps = [];

    public async Task<IReadOnlyList<MacroStep>> RunAsync(CancellationToken cancellationToken)
    {
        for (var image = 0; image < Images; image++)
        {
            _volume.CreateFile(PathOf(image));
            _volume.SetSparse(PathOf(image));
            _volume.SetEndOfFile(PathOf(image), volumeBytes / Images);
        }

        using var pool = new ThreadPoolWorkPool();
        var services = new EngineServices(TimeProvider.System, new SystemRandomSource(), pool, new NoProgress());
        await BackupAsync("initial", services, Write(1), cancellationToken);
        await BackupAsync("every page again", services, Write(2), cancellationToken);
        await BackupAsync("unchanged", services, 0, cancellationToken);
        var vault = new HugeVaultRun(directory, services, new Passphrase(Words));
        _steps.AddRange(await vault.RunAsync(pages * (long)PageBytes * 9 / 10, cancellationToken));
        return _steps;
    }

    private static string PathOf(int image) => $"disk{image}.vhdx";

    /// <summary>Writes the pages, the same each time, with other bytes.</summary>
    private long Write(ulong round)
    {
        var random = new SeededSequence(7);
        var pagesOfImage = volumeBytes / Images / PageBytes;
        for (var i = 0; i < pages; i++)
        {
            var image = (int)(random.Next() % Images);
            var page = (long)(random.Next() % (ulong)pagesOfImage);
            _volume.WriteGenerated(PathOf(image), page * PageBytes, PageBytes, (ulong)i + (round << 40));
        }

        return pages * (long)PageBytes;
    }

    private async Task BackupAsync(string name, EngineServices services, long editedBytes, CancellationToken cancellationToken)
    {
        var (cost, report) = await ProcessCost.OfAsync(async () =>
        {
            await using var vault = DirectoryVault.Open(Path.Combine(directory, "vault"));
            using var scratch = new LocalScratch(Path.Combine(directory, "scratch"));
            return await new BackupJob(services).RunAsync(
                new BackupRequest
                {
                    Source = new SimDataSource(_volume) { ChangeTracking = _tracking },
                    Vault = vault,
                    Scratch = new OverstatedScratch(scratch, RoomBytes),
                    Profile = ProfileCatalog.Load(ProfileCatalog.DefaultId),
                    Passphrase = new Passphrase(Words),
                    SourceName = "huge",
                },
                cancellationToken);
        });
        _steps.Add(MacroStep.Of(name, cost, editedBytes, report));
    }
}
