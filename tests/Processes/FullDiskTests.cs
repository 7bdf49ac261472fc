using System.Globalization;
using Harness.Engine.Errors;
using Harness.Scenarios.Searches.Processes;
using Harness.Simulator.Content;
using NUnit.Framework;

namespace Harness.Tests.Processes;

/// <summary>
/// A real file system becomes full in the middle of a run: the run ends with the code for it or comes to its end all the same, nothing is
/// lost, and with room again the next run commits. HARNESS_FULL_DISKS sets at how many moments (a number, or "all").
/// </summary>
[Platform("Linux", Reason = "Directories are read on Linux.")]
[NonParallelizable]
public sealed class FullDiskTests
{
    private const ulong Seed = 20261124;
    private const int Files = 12;
    private const int FileBytes = 50_000;
    private const int DefaultMoments = 4;

    [Test]
    public async Task Scratch_FullAtACall_LosesNothingAndTheNextRunCommits()
    {
        using var mount = LoopMount.Create("12m");

        var codes = await FillAtEachAsync(mount, area => new RealEngine(area.Root) { ScratchDirectory = Path.Combine(mount.Path, "scratch") });

        Assert.That(codes.Distinct(), Is.SubsetOf(new ErrorCode?[] { null, ErrorCode.ScratchFull, ErrorCode.ScratchTooSmall }));
        Assert.That(codes, Does.Contain(ErrorCode.ScratchFull), "no run met a full disk");
    }

    [Test]
    public async Task Vault_FullAtACall_LosesNothingAndTheNextRunCommits()
    {
        using var mount = LoopMount.Create("12m");

        var codes = await FillAtEachAsync(mount, area => new RealEngine(area.Root) { VaultDirectory = Path.Combine(mount.Path, "vault") });

        Assert.That(codes.Distinct(), Is.SubsetOf(new ErrorCode?[] { null, ErrorCode.VaultFull }));
        Assert.That(codes, Does.Contain(ErrorCode.VaultFull), "no run met a full disk");
    }

    private static async Task<IReadOnlyList<ErrorCode?>> FillAtEachAsync(LoopMount mount, Func<ProcessArea, RealEngine> open)
    {
        using var area = new ProcessArea();
        var engine = open(area);
        var edits = new TreeEdits(engine.Source, Seed, long.MaxValue);
        edits.Create(1, FileBytes);
        var images = new List<TreeImage>();
        var calls = 0;
        await BackupAsync(images, engine.Told(() => calls++));
        var codes = new List<ErrorCode?>();
        foreach (var moment in MomentsOf(calls))
        {
            edits.Create(Files / 4, FileBytes);
            codes.Add(await TryBackupAsync(images, FillingAt(moment)));
            mount.MakeRoom();
            await AssertNewestAsync(engine, images, $"full at call {moment}");
            await BackupAsync(images, engine);
        }

        await AssertNewestAsync(engine, images, "in the end");
        Assert.That((await engine.CheckAsync()).Findings, Is.Empty);
        return codes;

        RealEngine FillingAt(long moment)
        {
            var call = 0;
            return engine.Told(() =>
            {
                if (++call >= moment)
                {
                    mount.Fill();
                }
            });
        }
    }

    /// <summary>At some of the calls of a run, always at the first.</summary>
    private static IEnumerable<long> MomentsOf(int calls)
    {
        var wanted = Environment.GetEnvironmentVariable("HARNESS_FULL_DISKS");
        if (wanted == "all")
        {
            return Enumerable.Range(1, calls).Select(call => (long)call);
        }

        var choices = new SeededSequence(Seed);
        var moments = int.TryParse(wanted, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : DefaultMoments;
        return Enumerable.Range(0, moments).Select(moment => 1L + (moment * calls / moments) + choices.Below(Math.Max(1, calls / moments)));
    }

    private static async Task BackupAsync(List<TreeImage> images, RealEngine engine)
    {
        var report = await engine.BackupAsync();
        images.Add(TreeImage.Of(engine.Source));
        Assert.That(report.RecoveryPoint, Is.EqualTo(images.Count));
    }

    private static async Task<ErrorCode?> TryBackupAsync(List<TreeImage> images, RealEngine engine)
    {
        try
        {
            await BackupAsync(images, engine);
            return null;
        }
        catch (BackupException error)
        {
            return error.Code;
        }
    }

    private static async Task AssertNewestAsync(RealEngine engine, List<TreeImage> images, string context)
    {
        Assert.That(await engine.PointsAsync(), Has.Count.EqualTo(images.Count), context);
        await engine.RestoreAsync();
        Assert.That(images[^1].DifferencesTo(TreeImage.Of(engine.Restored)), Is.Empty, context);
        Directory.Delete(engine.Restored, recursive: true);
    }
}
