using System.Globalization;
using System.Runtime.CompilerServices;
using Harness.Engine.Model;
using Harness.Engine.Ports;
using Harness.Simulator.Content;
using Harness.Simulator.Volume;

namespace Harness.Simulator.Snapshots;

/// <summary>Tells a simulated snapshot's differences from an earlier one. One logical thread.</summary>
internal sealed class SimChangeTracker : IChangeTracker
{
    private readonly SimSnapshot _snapshot;
    private readonly SimChangeTracking _tracking;

    public SimChangeTracker(SimSnapshot snapshot, SimChangeTracking tracking)
    {
        _snapshot = snapshot;
        _tracking = tracking;
        var number = tracking.KeptSnapshots > 0 ? tracking.Keep(snapshot.Volume) : 0;
        var view = tracking.UsesJournal ? snapshot.Volume.Journal : null;
        var (journal, start) = view is null ? (null, 0) : (view.Query(), tracking.StartOf(view));
        var tracksRanges = journal?.RangeTracking is null ? 0 : 1;
        Cursor = string.Create(
            CultureInfo.InvariantCulture, $"v={Identity:x} s={number} j={journal?.JournalId ?? 0:x} u={start} r={tracksRanges}");
    }

    /// <summary>What a volume serial number is for: a volume that was formatted anew, or another in its place, has another.</summary>
    private ulong Identity => Mix.Of(
        _snapshot.Volume.Settings.Seed, $"volume made at {_snapshot.Volume.Get("").Times.Created}");

    public string Cursor { get; }

    public ValueTask<ChangeAnswer> GetChangesAsync(string since, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var parts = since.Split(' ').Select(part => part.Split('=', 2)).Where(part => part.Length == 2)
            .ToDictionary(part => part[0], part => part[1], StringComparer.Ordinal);
        return ValueTask.FromResult(Answer(parts));
    }

    public ValueTask<IReadOnlyList<SourceItem>> FindAsync(ulong fileReference, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var items = new List<SourceItem>();
        var reference = new FileReference(fileReference);
        foreach (var path in _snapshot.Volume.Find(reference) is null ? [] : _snapshot.Volume.NamesOf(reference))
        {
            if (_snapshot.Holds(path) && IsWalked(path))
            {
                items.AddRange(_snapshot.Show(_snapshot.Volume.Get(path)));
            }
        }

        return ValueTask.FromResult<IReadOnlyList<SourceItem>>(items);
    }

    public async IAsyncEnumerable<SourceItem> EnumerateBelowAsync(
        SourceEntry directory, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await ValueTask.CompletedTask;
        foreach (var item in _snapshot.List(_snapshot.Absolute(directory.Path), cancellationToken))
        {
            if (item.Entry?.Path != directory.Path)
            {
                yield return item;
            }
        }
    }

    private ChangeAnswer Answer(Dictionary<string, string> since)
    {
        var notes = new List<ChangeNote>();
        if (since.GetValueOrDefault("v") != Identity.ToString("x", CultureInfo.InvariantCulture))
        {
            return new ChangeAnswer(null, [new ChangeNote("volume-replaced", "The volume is another than that of the last recovery point.")]);
        }

        if (_tracking.KeptSnapshots > 0)
        {
            if (long.TryParse(since.GetValueOrDefault("s"), CultureInfo.InvariantCulture, out var number)
                && _tracking.Find(number) is { } earlier && ReferenceEquals(earlier.Settings, _snapshot.Volume.Settings))
            {
                return new ChangeAnswer([.. earlier.DiffTo(_snapshot.Volume).Changes.Select(Exact)], []);
            }

            notes.Add(new ChangeNote(
                "snapshot-gone", "The snapshot of the last recovery point is no longer kept, so it is not known which blocks changed."));
        }

        if (!_tracking.UsesJournal)
        {
            return new ChangeAnswer(null, notes.Count > 0 ? notes : [new ChangeNote("no-change-journal", "Nothing tracks changes.")]);
        }

        var changes = new JournalChanges(_snapshot.Volume).Since(since, out var refusal);
        if (refusal is not null)
        {
            notes.Add(refusal);
        }

        return new ChangeAnswer(changes, notes);
    }

    private static EntryChange Exact(VolumeChange change) => new(
        change.Reference.Value,
        [.. change.Streams.Select(stream => new Engine.Ports.StreamChange(stream.Name, stream.DirtyRanges))]);

    /// <summary>Whether a walk of the source gets there: it does not go through reparse points or into other volumes.</summary>
    private bool IsWalked(string path)
    {
        for (var slash = path.LastIndexOf('/'); slash > 0; slash = path.LastIndexOf('/', slash - 1))
        {
            var above = path[..slash];
            if (!_snapshot.Holds(above))
            {
                return true;
            }

            if (_snapshot.Absolute("") != above && _snapshot.Volume.Get(above) is { } entry && (entry.ReparseTag is not null || entry.IsForeign))
            {
                return false;
            }
        }

        return true;
    }
}
