using Harness.Simulator.Processes;
using Harness.Simulator.Scratch;
using Harness.Simulator.Vaults;
using Harness.Simulator.Volume;

namespace Harness.Scenarios.Searches.Oracles;

/// <summary>
/// Keeps account of what processes do to the vault and to their scratch locations, operation by operation, and tells when one goes
/// over its budget (claims 5 and 9 of FAULT_MODEL.md). One thread.
/// </summary>
/// <param name="store">The vault.</param>
internal sealed class RunLedger(MemoryVaultStore store)
{
    private const long ScratchFixedBytes = 1 << 20;
    private const int ScratchShare = 10;
    private const int FirstDeltas = 16;

    private readonly Dictionary<SimProcess, Account> _accounts = [];
    private readonly HashSet<string> _known = new(StringComparer.Ordinal);
    private readonly List<string> _problems = [];
    private SimProcess? _lastHurt;
    private bool _isHurt;
    private bool _isRepaired;

    /// <summary>Something happened after which fingerprints of pages may be missing: a crash, a lost scratch location.</summary>
    public void NoteHurt() => _isHurt = true;

    /// <summary>A process begins.</summary>
    public void Begin(SimProcess process) => _accounts.Add(process, new Account());

    /// <summary>A repair may have called packs damaged: what lies in them is sent again, and nothing is held against that.</summary>
    public void NoteRepair() => _isRepaired = true;

    /// <summary>A process begins a run.</summary>
    /// <param name="process">The process.</param>
    /// <param name="machine">What it protects.</param>
    /// <param name="scratch">Its scratch location.</param>
    /// <param name="newest">The newest recovery point of the source at this moment; 0 is none.</param>
    public void BeginRun(SimProcess process, SearchMachine machine, SimScratch scratch, long newest)
    {
        var account = _accounts[process];
        (account.Machine, account.Scratch, account.Base) = (machine, scratch, newest);
    }

    /// <summary>The newest recovery point of the source when a run began.</summary>
    public long BaseOf(SimProcess process) => _accounts[process].Base;

    /// <summary>A process did an operation.</summary>
    public void Note(SimProcess process, string operation, string key)
    {
        var account = _accounts[process];
        if (process.HasMetFault && _lastHurt != process)
        {
            (_isHurt, _lastHurt) = (true, process);
        }

        if (operation == "vault.create" && !_known.Contains(key) && store.LengthOf(key) is { } length)
        {
            _known.Add(key);
            account.Sent += key.StartsWith("index/", StringComparison.Ordinal) ? 0 : length;
        }
        else if (operation == "vault.delete" && store.LengthOf(key) is null)
        {
            _known.Remove(key);
        }
        else if (operation.StartsWith("scratch.", StringComparison.Ordinal) && account is { Machine: { } machine, Scratch: { } scratch })
        {
            NoteScratch(account, machine, scratch.UsedBytes);
        }
    }

    /// <summary>A run made its commit.</summary>
    /// <param name="process">The run.</param>
    /// <param name="point">The recovery point.</param>
    /// <param name="before">What the point before holds, all of it; null where there is none, or it lacks something.</param>
    /// <param name="now">What this one was made of.</param>
    public void NoteCommit(SimProcess process, SearchPoint point, VolumeSnapshot? before, VolumeSnapshot now)
    {
        var sent = _accounts[process].Sent;
        var most = SentBudget.Of(before, now, isWhole: point.Number > FirstDeltas, isExact: !_isHurt);
        if (sent > most && !_isRepaired)
        {
            _problems.Add($"budget: {point} sent {sent} bytes, {most} are the most for what changed");
        }
    }

    /// <summary>A run ended and reported the most that its scratch location held.</summary>
    public void NoteReport(SimProcess process, long scratchPeakBytes)
    {
        if (_accounts[process].ScratchPeak > scratchPeakBytes)
        {
            _problems.Add($"scratch: held {_accounts[process].ScratchPeak} bytes, reported were {scratchPeakBytes}");
        }
    }

    /// <summary>What went over its budget since the last time this was asked.</summary>
    public IReadOnlyList<string> TakeProblems()
    {
        string[] taken = [.. _problems];
        _problems.Clear();
        return taken;
    }

    private void NoteScratch(Account account, SearchMachine machine, long used)
    {
        account.ScratchPeak = Math.Max(account.ScratchPeak, used);
        if (used > account.ScratchMost)
        {
            var most = ScratchFixedBytes + (LogicalBytes(machine.Volume) / ScratchShare);
            account.ScratchMost = most;
            if (used > most)
            {
                account.ScratchMost = long.MaxValue;
                _problems.Add($"scratch: {machine.Name} holds {used} bytes there, {most} are the most for its volume");
            }
        }
    }

    private static long LogicalBytes(SimVolume volume) => volume.Walk().Sum(entry => entry.Streams.Sum(stream => stream.SizeBytes));

    private sealed class Account
    {
        public SearchMachine? Machine { get; set; }

        public SimScratch? Scratch { get; set; }

        public long Base { get; set; }

        public long Sent { get; set; }

        public long ScratchPeak { get; set; }

        public long ScratchMost { get; set; } = ScratchFixedBytes;
    }
}
