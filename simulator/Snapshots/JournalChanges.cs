using System.Globalization;
using Harness.Engine.Model;
using Harness.Engine.Ports;
using Harness.Simulator.Journal;
using Harness.Simulator.Volume;
using StreamChange = Harness.Engine.Ports.StreamChange;

namespace Harness.Simulator.Snapshots;

/// <summary>
/// Reads a change journal as a backup does: which entries have a record since a cursor, whether their content can have
/// changed, and, where the journal tracks modified ranges, where.
/// </summary>
/// <param name="volume">The snapshot, with the journal as it holds it, which tells no names of streams.</param>
internal sealed class JournalChanges(VolumeSnapshot volume)
{
    private readonly JournalView? _journal = volume.Journal;

    private const UsnReason UnnamedData = UsnReason.DataOverwrite | UsnReason.DataExtend | UsnReason.DataTruncation;

    /// <summary>Reasons after which any of the named streams may be another, but not the file's own data.</summary>
    private const UsnReason NamedData = UsnReason.NamedDataOverwrite | UsnReason.NamedDataExtend | UsnReason.NamedDataTruncation
        | UsnReason.StreamChange;

    /// <summary>Reasons after which nothing is known of the content: another form, or no earlier state.</summary>
    private const UsnReason Anything = UsnReason.FileCreate | UsnReason.EncryptionChange;

    /// <summary>Reasons by which the list of a directory changes.</summary>
    private const UsnReason Lists = UsnReason.FileCreate | UsnReason.FileDelete | UsnReason.RenameOldName | UsnReason.RenameNewName
        | UsnReason.HardLinkChange;

    /// <summary>The changes since a cursor; null, and why, when the journal cannot tell.</summary>
    public IReadOnlyList<EntryChange>? Since(IReadOnlyDictionary<string, string> cursor, out ChangeNote? refusal)
    {
        refusal = null;
        if (_journal is null)
        {
            refusal = new ChangeNote("journal-not-active", "The volume has no change journal.");
            return null;
        }

        if (!ulong.TryParse(cursor.GetValueOrDefault("j"), NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var id) || id == 0
            || !long.TryParse(cursor.GetValueOrDefault("u"), CultureInfo.InvariantCulture, out var usn))
        {
            refusal = new ChangeNote("no-cursor", "The change journal was not active when the last recovery point was made.");
            return null;
        }

        var info = _journal.Query();
        if (id != info.JournalId)
        {
            refusal = new ChangeNote("journal-recreated", "The change journal was deleted and made again since the last recovery point.");
            return null;
        }

        // To the journal, USN 0 means the oldest record there is; to a cursor it means the very first one.
        if (usn < info.FirstUsn)
        {
            refusal = Wrapped();
            return null;
        }

        try
        {
            return Collect(
                _journal.ReadToEnd(new JournalQuery { JournalId = id, StartUsn = usn }),
                cursor.GetValueOrDefault("r") == "1" && info.RangeTracking is not null);
        }
        catch (JournalException error)
        {
            refusal = error.Error == JournalError.EntryDeleted
                ? Wrapped()
                : new ChangeNote("journal-unusable", $"The change journal cannot be read ({(int)error.Error}): {error.Message}");
            return null;
        }
    }

    private static ChangeNote Wrapped() =>
        new("journal-wrapped", "The change journal no longer reaches back to the last recovery point.");

    private List<EntryChange> Collect(IEnumerable<UsnRecord> records, bool tracksRanges)
    {
        var files = new Dictionary<ulong, Seen>();
        foreach (var record in records)
        {
            if (!files.TryGetValue(record.File.Value, out var seen))
            {
                files[record.File.Value] = seen = new Seen();
            }

            seen.Add(record);
            if ((record.Reason & Lists) != UsnReason.None)
            {
                files.TryAdd(record.Parent.Value, new Seen());
            }
        }

        return [.. files.OrderBy(file => file.Key).Select(file => new EntryChange(file.Key, file.Value.Streams(tracksRanges, () => NamedStreams(file.Key))))];
    }

    private IEnumerable<string> NamedStreams(ulong reference) =>
        volume.Find(new FileReference(reference))?.Streams.Select(stream => stream.Name).Where(name => name.Length > 0) ?? [];

    /// <summary>What the journal says of one file.</summary>
    private sealed class Seen
    {
        private readonly RangeSet _ranges = new();
        private UsnReason _reasons;
        private UsnReason _series;
        private bool _seriesHasRanges;
        private bool _isIncomplete;

        public void Add(UsnRecord record)
        {
            if (record.MajorVersion == 4)
            {
                _seriesHasRanges = true;
                foreach (var extent in record.Extents)
                {
                    _ranges.Add(extent.Offset, extent.End);
                }

                return;
            }

            _reasons |= record.Reason;
            _series |= record.Reason;
            if (record.IsClose)
            {
                // A small file's ranges are not tracked, nor is anything before the tracking began.
                _isIncomplete |= (_series & UnnamedData) != UsnReason.None && !_seriesHasRanges;
                (_series, _seriesHasRanges) = (UsnReason.None, false);
            }
        }

        public IReadOnlyList<StreamChange>? Streams(bool tracksRanges, Func<IEnumerable<string>> namedStreams)
        {
            if ((_reasons & Anything) != UsnReason.None)
            {
                return null;
            }

            List<StreamChange> streams = [];
            if ((_reasons & UnnamedData) != UsnReason.None)
            {
                // Ranges are written when the last handle is closed; what was written since is not told yet.
                streams.Add(tracksRanges && !_isIncomplete && (_series & UnnamedData) == UsnReason.None
                    ? new StreamChange("", [.. _ranges.Ranges.Select(range => new ByteRange(range.From, range.To - range.From))])
                    : StreamChange.Whole(""));
            }

            if ((_reasons & NamedData) != UsnReason.None)
            {
                streams.AddRange(namedStreams().Select(StreamChange.Whole));
            }

            return streams;
        }
    }
}
