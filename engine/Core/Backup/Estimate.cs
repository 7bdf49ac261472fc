using Harness.Engine.Errors;
using Harness.Engine.Rules;

namespace Harness.Engine.Backup;

/// <summary>What a first pass over a snapshot finds: the sizes that the rules ask for, and the verdicts.</summary>
internal sealed class Estimate
{
    private readonly List<SkippedItem> _skipped = [];
    private readonly HashSet<ulong> _linked = [];
    private readonly List<FailedItem> _failed = [];
    private readonly List<string> _fullOnly = [];

    public long Files { get; private set; }

    public long Directories { get; private set; }

    public long LogicalBytes { get; private set; }

    public long AllocatedBytes { get; private set; }

    public IReadOnlyList<SkippedItem> Skipped => _skipped;

    public IReadOnlyList<FailedItem> Failed => _failed;

    public IReadOnlyList<string> FullOnly => _fullOnly;

    public ProtectedTotals Totals => new(Files, Directories, LogicalBytes, AllocatedBytes);

    /// <summary>An estimate of totals alone.</summary>
    public static Estimate Of(ProtectedTotals totals) => new()
    {
        Files = totals.Files,
        Directories = totals.Directories,
        LogicalBytes = totals.LogicalBytes,
        AllocatedBytes = totals.AllocatedBytes,
    };

    public long Size(SizeMeasure measure) => measure == SizeMeasure.Allocated ? AllocatedBytes : LogicalBytes;

    /// <summary>A source of sparse files may claim more than a number holds; that is too large, and no overflow.</summary>
    public static long Sum(long a, long b) => a > long.MaxValue - b ? long.MaxValue : a + b;

    /// <summary>Adds trouble met in place of an entry.</summary>
    public void Add(SourceReadException error, RuleProfile profile) =>
        _failed.Add(Failures.ToItem(error, profile.GetClause(Failures.OrdinaryClause)));

    /// <summary>Adds an entry.</summary>
    public void Add(EntryPlan plan)
    {
        if (plan.IsSkipped)
        {
            _skipped.Add(EntryPlan.ToItem(plan.Entry.Path, plan.Verdict));
            return;
        }

        if (plan.IsHardLinked && !_linked.Add(plan.Entry.FileReference))
        {
            return;
        }

        Files += plan.IsDirectory ? 0 : 1;
        Directories += plan.IsDirectory ? 1 : 0;
        foreach (var stream in plan.Protected)
        {
            LogicalBytes = Sum(LogicalBytes, stream.SizeBytes);
            AllocatedBytes = Sum(AllocatedBytes, stream.AllocatedBytes);
        }

        foreach (var (stream, verdict) in plan.Skipped)
        {
            _skipped.Add(EntryPlan.ToItem($"{plan.Entry.Path}:{stream.Name}", verdict));
        }

        if (plan.Verdict.Protection == Protection.FullOnly)
        {
            _fullOnly.Add(plan.Entry.Path);
        }
    }
}
