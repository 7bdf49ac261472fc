using Harness.Engine.Model;
using Harness.Engine.Ports;
using Harness.Simulator.Faults;

namespace Harness.Simulator.Processes;

/// <summary>Change tracking as one process reaches it: FAULT_MODEL.md section 2, "Change tracking".</summary>
/// <param name="process">Whose calls these are.</param>
/// <param name="inner">The tracker.</param>
internal sealed class ProcessTracker(SimProcess process, IChangeTracker inner) : IChangeTracker
{
    /// <inheritdoc/>
    public string Cursor => inner.Cursor;

    /// <inheritdoc/>
    public ValueTask<ChangeAnswer> GetChangesAsync(string since, CancellationToken cancellationToken) => process.CallAsync(
        "journal.changes",
        "-",
        async fault => fault switch
        {
            FaultKind.Wrapped => Nothing("journal-wrapped", "The change journal was overwritten since the last run (simulated)."),
            FaultKind.Recreated => Nothing("journal-recreated", "The change journal was made anew since the last run (simulated)."),
            FaultKind.Disabled => Nothing("no-change-journal", "The volume has no change journal any more (simulated)."),
            FaultKind.Vague => Repeat(await inner.GetChangesAsync(since, cancellationToken)),
            _ => await inner.GetChangesAsync(since, cancellationToken),
        },
        cancellationToken);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<SourceItem>> FindAsync(ulong fileReference, CancellationToken cancellationToken) =>
        process.CallAsync("source.find", "-", _ => inner.FindAsync(fileReference, cancellationToken), cancellationToken);

    /// <inheritdoc/>
    public IAsyncEnumerable<SourceItem> EnumerateBelowAsync(SourceEntry directory, CancellationToken cancellationToken) =>
        inner.EnumerateBelowAsync(directory, cancellationToken);

    private static ChangeAnswer Nothing(string code, string message) => new(null, [new ChangeNote(code, message)]);

    /// <summary>Only the entries are known, as when records are told again whose ranges are gone.</summary>
    private static ChangeAnswer Repeat(ChangeAnswer answer) => answer with
    {
        Changes = answer.Changes is null ? null : [.. answer.Changes.Select(change => change with { Streams = null })],
    };
}
