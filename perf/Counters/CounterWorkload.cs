using Harness.Engine.Backup;
using Harness.Engine.Crypto;
using Harness.Engine.Errors;
using Harness.Engine.Format;
using Harness.Engine.Ports;
using Harness.Engine.Rules;
using Harness.Simulator.Content;
using Harness.Simulator.Kernel;
using Harness.Simulator.Scratch;
using Harness.Simulator.Snapshots;
using Harness.Simulator.Vaults;
using Harness.Simulator.Volume;

namespace Harness.Perf.Counters;

/// <summary>
/// One source through six backups, everything simulated and on one thread: the same code gives the same bytes and requests
/// in every process. A 64 MiB image, 400 documents in 20 folders, a sparse file and an encrypted one.
/// </summary>
internal sealed class CounterWorkload
{
    private const ulong Seed = 20261122;
    private const long ImageBytes = 64L << 20;
    private const int Folders = 20;
    private const int Documents = 400;
    private const string Image = "image.vhd";
    private const string Secret = "secret.bin";

    private readonly SimClock _clock = new(new DateTimeOffset(2026, 11, 22, 8, 0, 0, TimeSpan.Zero));
    private readonly SimScratch _scratch = new(1L << 40);
    private readonly MemoryVaultStore _store = new();
    private readonly RuleProfile _profile = ProfileCatalog.Load(ProfileCatalog.DefaultId);
    private readonly Passphrase _passphrase = new("a passphrase for counting");
    private readonly BackupJob _job;
    private readonly SimVolume _volume;
    private readonly List<CounterSet> _counters = [];

    private CounterWorkload()
    {
        _job = new BackupJob(new EngineServices(_clock, new SeededRandomSource(Seed), new InlineWorkPool(), new NoProgress()));
        _volume = new SimVolume(new VolumeSettings { Label = "counters", Seed = Seed }, _clock);
        Fill();
    }

    /// <summary>Runs the workload twice and reports the second time, when pools are filled and statics are made.</summary>
    public static IReadOnlyList<CounterSet> Measure()
    {
        new CounterWorkload().Run();
        var second = new CounterWorkload();
        second.Run();
        return second._counters;
    }

    private void Run()
    {
        Backup("full", () => { });
        Backup("unchanged", () => { });
        Backup("pages-1-percent", OverwriteScatteredPages);
        Backup("append", () => _volume.AppendGenerated(Image, 100_000, seed: 7));
        Backup("rename-folder", () => _volume.Rename("folder 3", "renamed"));
        Backup("encrypted-byte", () => _volume.Write(Secret, 100_000, "x"u8));
    }

    private void Fill()
    {
        var random = new SeededSequence(Seed);
        _volume.CreateFile(Image, ImageBytes);
        for (var i = 0; i < Folders; i++)
        {
            _volume.CreateDirectory($"folder {i}");
        }

        for (var i = 0; i < Documents; i++)
        {
            var content = i % 2 == 0 ? ContentProfile.Text : ContentProfile.Random with { RatioPermille = 600 };
            _volume.CreateFile($"folder {i % Folders}/document {i}.docx", 500 + random.Below(60_000), content);
        }

        _volume.CreateFile("sparse.db");
        _volume.SetSparse("sparse.db");
        _volume.SetEndOfFile("sparse.db", 1L << 30);
        _volume.WriteGenerated("sparse.db", 512L << 20, 1 << 20, seed: 11, ContentProfile.Text);
        _volume.CreateFile(Secret, 3 << 20);
        _volume.Encrypt(Secret);
    }

    private void OverwriteScatteredPages()
    {
        var random = new SeededSequence(Seed + 1);
        var pages = new HashSet<long>();
        while (pages.Count < ImageBytes / FormatLimits.PageBytes / 100)
        {
            var page = random.Below(ImageBytes / FormatLimits.PageBytes);
            if (pages.Add(page))
            {
                _volume.WriteGenerated(Image, page * FormatLimits.PageBytes, FormatLimits.PageBytes, seed: (ulong)page);
            }
        }
    }

    private void Backup(string step, Action edit)
    {
        edit();
        _clock.Advance(TimeSpan.FromMinutes(1));
        var request = new BackupRequest
        {
            Source = new SimDataSource(_volume, "", new SimVolumeFaults()),
            Vault = new MemoryVault(_store),
            Scratch = _scratch,
            Profile = _profile,
            Passphrase = _passphrase,
            NewRepository = new() { KdfIterations = 1, PackBytes = 4 << 20 },
        };
        var before = GC.GetAllocatedBytesForCurrentThread();
        var run = _job.RunAsync(request, CancellationToken.None);

        // Nothing here may wait, or part of the run was counted on another thread.
        Invariant.Require(run.IsCompleted);
        var report = run.GetAwaiter().GetResult();
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Invariant.Require(report.Failed.Count == 0 && report.Skipped.Count == 0);
        _clock.Advance(TimeSpan.FromMinutes(1));
        _counters.Add(new CounterSet
        {
            Step = step,
            ChangedBytes = report.ChangedBytes,
            SentBytes = report.SentBytes,
            StoredBytes = report.StoredBytes,
            Requests = report.Requests,
            ReadBytes = report.ReadBytes,
            ScratchPeakBytes = report.ScratchPeakBytes,
            AllocatedBytes = allocated,
        });
    }
}
