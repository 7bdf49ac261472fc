using Harness.Engine.Format;
using Harness.Engine.Model;

namespace Harness.Engine.Backup;

/// <summary>What is protected, as entries come and go; sums that exceed a number stay at its end.</summary>
internal sealed class RunningTotals
{
    private Int128 _logicalBytes;
    private Int128 _allocatedBytes;
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
            _logicalBytes += sign * (Int128)stream.SizeBytes;
            _allocatedBytes += sign * (Int128)stream.AllocatedBytes;
        }
    }

    private static long Clamp(Int128 bytes) => (long)Int128.Clamp(bytes, 0, long.MaxValue);
}
