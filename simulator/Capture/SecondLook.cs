using System.Text.Json;
using Harness.Engine.Model;
using Harness.Engine.Ports;
using Harness.Simulator.Content;

namespace Harness.Simulator.Capture;

/// <summary>
/// Says what of a source is no longer as it was listed: a live directory has no snapshot, so that a capture looks twice. Access
/// times do not count, since reading moves them. Memory follows the number of entries.
/// </summary>
internal sealed class SecondLook
{
    private readonly Dictionary<string, ulong> _seen = new(StringComparer.Ordinal);

    /// <summary>Remembers an entry as it was listed.</summary>
    public void Remember(SourceEntry entry) => _seen[entry.Path] = StateOf(entry);

    /// <summary>Lists again; what differs goes to the report, in the order of the listing and what vanished last.</summary>
    public async Task CompareAsync(ISnapshot snapshot, CaptureReport report, CancellationToken cancellationToken)
    {
        var known = report.LeftOut.Concat(report.Changed).Select(problem => problem.Path).ToHashSet(StringComparer.Ordinal);
        await foreach (var item in snapshot.EnumerateAsync(cancellationToken))
        {
            if (item.Error is { } error)
            {
                _ = _seen.Remove(error.Path);
                Add(error.Path, Kebab(error.Fault.ToString()), error.Message);
            }
            else if (!_seen.Remove(item.Entry!.Path, out var state))
            {
                Add(item.Entry.Path, "appeared", $"'{item.Entry.Path}' appeared after its directory was listed; the recipe has it not.");
            }
            else if (state != StateOf(item.Entry))
            {
                Add(
                    item.Entry.Path,
                    "changed",
                    $"'{Shown(item.Entry.Path)}' changed while the tree was captured; the recipe has what was listed first.");
            }
        }

        foreach (var path in _seen.Keys.Order(StringComparer.Ordinal))
        {
            Add(path, "vanished", $"'{Shown(path)}' disappeared while the tree was captured; the recipe has what was listed first.");
        }

        void Add(string path, string reason, string message)
        {
            if (known.Add(path))
            {
                report.Changed.Add(new CaptureProblem(path, reason, message));
            }
        }
    }

    private static string Shown(string path) => path.Length == 0 ? "(root)" : path;

    private static string Kebab(string name) => JsonNamingPolicy.KebabCaseLower.ConvertName(name);

    private static ulong StateOf(SourceEntry entry)
    {
        var state = Mix.Of((ulong)entry.Kind, entry.FileReference);
        state = Mix.Of(Mix.Of(state, (ulong)entry.Traits), entry.LinkCount);
        state = Mix.Of(Mix.Of(state, entry.Attributes), entry.ReparseTag ?? 0);
        state = Mix.Of(state, Time(entry.Times.Created));
        state = Mix.Of(state, Time(entry.Times.Written));
        state = Mix.Of(state, Time(entry.Times.Changed));
        foreach (var stream in entry.Streams)
        {
            state = Mix.Of(Mix.Of(state, stream.Name), (ulong)stream.SizeBytes);
        }

        return state;
    }

    private static ulong Time(Timestamp? time) => time is { } value ? (ulong)value.ToFileTime() : 0;
}
