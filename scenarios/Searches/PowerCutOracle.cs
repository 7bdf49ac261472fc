using Harness.Engine.Backup;

namespace Harness.Scenarios.Searches;

/// <summary>
/// What flushes are for: a run that ended well has left its state on the disk, so a power cut after it takes at most the last step of it
/// (the name of the head), and the next run never begins from nothing. Crashes within a run and disks that fail are excused. One thread.
/// </summary>
/// <param name="hasScratchFailed">Whether a disk of a scratch location has failed in this life.</param>
internal sealed class PowerCutOracle(Func<bool> hasScratchFailed)
{
    /// <summary>After so many good runs on end the head before the last is on the disk, whatever becomes of the last.</summary>
    private const int GoodRuns = 2;

    private const string FromNothing = "The scratch location did not know this source";

    private readonly Dictionary<SearchMachine, int> _good = [];

    /// <summary>Machines whose state was once behind: fingerprints of what they caught up with are in the vault alone.</summary>
    private readonly HashSet<SearchMachine> _wereBehind = [];

    /// <summary>A machine has lost something by other means than a power cut between runs.</summary>
    public void NoteHurt(SearchMachine machine) => _good.Remove(machine);

    /// <summary>Takes a run that ended well; what it should not have met, or null.</summary>
    public string? Problem(SearchMachine machine, BackupReport report)
    {
        if (hasScratchFailed() || report.Warnings.Any(item => item.Code == "scratch-not-saved"))
        {
            NoteHurt(machine);
            return null;
        }

        if (report.Fallbacks.Any(item => item.Code == "scratch-rebuilt"))
        {
            _wereBehind.Add(machine);
        }

        var known = _good.GetValueOrDefault(machine);
        _good[machine] = known + 1;
        if (known < GoodRuns)
        {
            return null;
        }

        return report.Fallbacks.Where(item => item.Message.StartsWith(FromNothing, StringComparison.Ordinal)
                || item.Code == "scratch-damaged" || (item.Code == "fingerprints-rebuilt" && !_wereBehind.Contains(machine)))
            .Select(item => $"state lost: {item.Code} after a power cut: {item.Message}").FirstOrDefault();
    }
}
