using Harness.Engine.Format;
using Harness.Engine.Model;

namespace Harness.Engine.Backup;

/// <summary>What is protected, as entries come and go; sums that exceed a number stay at its end.</summary>
internal sealed class RunningTotals
{
    // Wider than a long; of Int128 there is no code compiled ahead, and a short run is mostly start-up.
    private decimal _logicalBytes;
    private decimal _allocatedBytes;
    private long _files;
    private long _directories;

    /// <summary>The totals over a beginning.</summary>
    public ProtectedTotals Over(ProtectedTotals? start) => new(
        (start?.Files ?? 0) + _files,
        (start?.Directories ?? 0) + _directories,
        Clamp((start?.LogicalBytes ?? 0) + _logicalBytes),
        Clamp((start?.AllocatedBytes ?? 0) + _allocatedBytes));

    public void Replace(EntryRecord? before, EntryRecord now)
    {
        if (before is not null)
        {
            Remove(before);
        }

        Add(now, 1);
    }

    public void Remove(EntryRecord before) => Add(before, -1);

    /// <summary>Adds an entry as the source shows it.</summary>
    public void Add(EntryPlan plan)
    {
        _files += plan.IsDirectory ? 0 : 1;
        _directories += plan.IsDirectory ? 1 : 0;
        foreach (var stream in plan.Protected)
        {
            _logicalBytes += stream.SizeBytes;
            _allocatedBytes += stream.AllocatedBytes;
        }
    }

    private void Add(EntryRecord entry, int sign)
    {
        _files += entry.Kind == EntryKind.Directory ? 0 : sign;
        _directories += entry.Kind == EntryKind.Directory ? sign : 0;
        foreach (var stream in entry.Streams)
        {
            _logicalBytes += sign * (decimal)stream.SizeBytes;
            _allocatedBytes += sign * (decimal)stream.AllocatedBytes;
        }
    }

    private static long Clamp(decimal bytes) => (long)Math.Clamp(bytes, 0, long.MaxValue);
}
