using Harness.Engine.Rules;
using Harness.Engine.State;

namespace Harness.Engine.Backup;

/// <summary>Entries that the new state has just as the state before: a bit each. Logical thread only.</summary>
internal sealed class SameEntries
{
    private readonly ReferenceSet _all = new();
    private readonly ReferenceSet _directories = new();
    private readonly List<string> _fullOnly = [];

    /// <summary>File reference of the root, when it is among them.</summary>
    public ulong? Root { get; private set; }

    public long Files { get; private set; }

    public long LogicalBytes { get; private set; }

    /// <summary>Paths of those that are sent whole on each change.</summary>
    public IReadOnlyList<string> FullOnly => _fullOnly;

    public bool Contains(ulong fileReference) => _all.Contains(fileReference);

    public bool ContainsDirectory(ulong fileReference) => _directories.Contains(fileReference);

    public void Add(EntryPlan plan)
    {
        _all.Add(plan.Entry.FileReference);
        if (plan.IsDirectory)
        {
            _directories.Add(plan.Entry.FileReference);
            Root = plan.Entry.Path.Length == 0 ? plan.Entry.FileReference : Root;
        }
        else
        {
            Files++;
            LogicalBytes = Estimate.Sum(LogicalBytes, plan.Protected.Count > 0 ? plan.Protected[0].SizeBytes : 0);
        }

        if (plan.Verdict.Protection == Protection.FullOnly)
        {
            _fullOnly.Add(plan.Entry.Path);
        }
    }
}
