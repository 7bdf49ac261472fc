using Harness.Engine.Backup;
using Harness.Engine.Check;
using Harness.Engine.Crypto;
using Harness.Engine.Errors;
using Harness.Engine.Ports;
using Harness.Engine.Prune;
using Harness.Engine.RecoveryPoints;
using Harness.Engine.Retention;
using Harness.Engine.Rules;
using Harness.Perf.Macro;
using Harness.Simulator.Kernel;
using Harness.Simulator.Scratch;
using Harness.Simulator.Snapshots;
using Harness.Simulator.Vaults;
using Harness.Simulator.Volume;

namespace Harness.Perf.Keep;

/// <summary>
/// One source with as many recovery points as the documents allow, each truly made: two a day, a page changed before each.
/// Then what a person does with them: list, the refused next one, forget by a policy, prune in its two phases, check.
/// </summary>
internal sealed class KeepRun
{
    private const int Files = 40;
    private const string Image = "image.vhd";

    private readonly SimClock _clock = new(new DateTimeOffset(2016, 1, 1, 1, 0, 0, TimeSpan.Zero));
    private readonly MemoryVaultStore _store = new();
    private readonly SimScratch _scratch = new(1L << 40);
    private readonly Passphrase _passphrase = new("a passphrase for keeping");
    private readonly RuleProfile _profile = ProfileCatalog.Load(ProfileCatalog.DefaultId);
    private readonly EngineServices _services;
    private readonly SimVolume _volume;
    private readonly List<KeepStep> _steps = [];

    private KeepRun()
    {
        _services = new EngineServices(_clock, new SeededRandomSource(9999), new InlineWorkPool(), new NoProgress());
        _volume = new SimVolume(new VolumeSettings { Label = "keep" }, _clock);
        _volume.CreateFile(Image, 1 << 20);
        for (var i = 0; i < Files; i++)
        {
            _volume.CreateFile($"file {i}", 3000, seed: (ulong)i);
        }
    }

    public static async Task<IReadOnlyList<KeepStep>> MeasureAsync(int points)
    {
        var run = new KeepRun();
        await run.MakeAsync(points);
        await run.LiveAsync(points);
        return run._steps;
    }

    private async Task MakeAsync(int points)
    {
        const int parts = 3;
        for (var (part, made) = (1, 0); part <= parts; part++)
        {
            var until = (int)((long)points * part / parts);
            var from = made;
            await StepAsync($"backups {from + 1:N0} to {until:N0}", until - from, async vault =>
            {
                for (; made < until; made++)
                {
                    await BackupAsync(vault, made);
                }

                return made;
            });
        }
    }

    private async Task LiveAsync(int points)
    {
        await StepAsync("list, for the first time", points, async vault => await ListAsync(vault));
        await StepAsync("list", points, async vault => await ListAsync(vault));
        if (points == RecoveryPointLimit.Most)
        {
            await StepAsync("the next one, refused", points, async vault => await RefusedAsync(vault, points));
        }

        var forgotten = 0;
        await StepAsync("forget by policy", points, async vault =>
        {
            var report = await new ForgetJob(_services).RunAsync(
                new ForgetRequest
                {
                    Vault = vault,
                    Passphrase = _passphrase,
                    ScratchOf = _ => _scratch,
                    Policy = new RetentionPolicy { DailyDays = 30, WeeklyWeeks = 52, MonthlyMonths = 60, YearlyYears = 10 },
                },
                CancellationToken.None);
            forgotten = report.Forgotten.Count;
            return report;
        });
        _clock.Advance(TimeSpan.FromDays(15));
        await StepAsync("prune, first", forgotten, PruneAsync);
        await StepAsync("prune, second", forgotten, PruneAsync);
        await StepAsync("prune, nothing to do", points - forgotten, PruneAsync);
        await StepAsync("check", points - forgotten, async vault =>
        {
            var check = await new CheckJob(_services).RunAsync(
                new CheckRequest { Vault = vault, Passphrase = _passphrase, ReadData = true }, CancellationToken.None);
            Invariant.Require(check.Findings.Count == 0);
            return check;
        });
        await StepAsync("a backup after it", 1, async vault => await BackupAsync(vault, points));
    }

    private async Task<RecoveryPointListing> ListAsync(IVault vault) =>
        await new RecoveryPointReader(_services).ListAsync(vault, _passphrase, _ => _scratch, CancellationToken.None);

    private async Task<PruneReport> PruneAsync(IVault vault) => await new PruneJob(_services).RunAsync(
        new PruneRequest { Vault = vault, Passphrase = _passphrase }, CancellationToken.None);

    private async Task<bool> RefusedAsync(IVault vault, int points)
    {
        try
        {
            await BackupAsync(vault, points);
        }
        catch (BackupException error) when (error.Code == ErrorCode.RecoveryPointLimitReached)
        {
            Invariant.Require(vault.Traffic.SentBytes == 0);
            return true;
        }

        throw new BackupException(ErrorCode.InternalError, "The next recovery point was not refused.");
    }

    private async Task<BackupReport> BackupAsync(IVault vault, int number)
    {
        _volume.WriteGenerated(Image, number % 256 * 4096, 4096, seed: (ulong)number + 1000);
        _clock.Advance(TimeSpan.FromHours(12));
        return await new BackupJob(_services).RunAsync(
            new BackupRequest
            {
                Source = new SimDataSource(_volume, "", new SimVolumeFaults()),
                Vault = vault,
                Scratch = _scratch,
                Profile = _profile,
                Passphrase = _passphrase,
                NewRepository = new() { KdfIterations = 1 },
            },
            CancellationToken.None);
    }

    private async Task StepAsync<T>(string step, int points, Func<MemoryVault, Task<T>> act)
    {
        var vault = new MemoryVault(_store);
        var (cost, _) = await ProcessCost.OfAsync(() => act(vault));
        var traffic = vault.Traffic;
        await Console.Error.WriteLineAsync($"{step}: {traffic.Requests} requests, {cost.ProcessorSeconds} CPU-s");
        _steps.Add(new KeepStep(step, points, traffic.Requests, traffic.SentBytes, traffic.ReceivedBytes, cost));
    }
}
