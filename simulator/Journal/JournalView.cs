using Harness.Simulator.Volume;

namespace Harness.Simulator.Journal;

/// <summary>
/// The change journal as it was at one moment: what a snapshot holds of it. What the live journal trims or deletes later
/// can still be read here. May be read from any thread.
/// </summary>
public sealed class JournalView
{
    private readonly JournalInfo _info;
    private readonly NameStore _names;
    private readonly JournalSegment? _first;

    internal JournalView(JournalInfo info, NameStore names, JournalSegment? first)
    {
        _info = info;
        _names = names;
        _first = first;
    }

    /// <summary>Identity, bounds and settings (FSCTL_QUERY_USN_JOURNAL).</summary>
    public JournalInfo Query() => _info;

    /// <summary>
    /// Reads records (FSCTL_READ_USN_JOURNAL). Fails with EntryDeleted when the start was trimmed, and with InvalidParameter
    /// when the journal id is another one's, the start is not a record, or no version is asked for that there is.
    /// </summary>
    public JournalBatch Read(JournalQuery query)
    {
        ArgumentNullException.ThrowIfNull(query);
        var start = Start(query);
        var records = new List<UsnRecord>();
        var left = query.BufferBytes;
        foreach (var entry in From(start))
        {
            if (!IsWanted(in entry, query))
            {
                continue;
            }

            var record = Publish(in entry, query.MaxMajorVersion);
            if (record.RecordLength > left)
            {
                return records.Count > 0
                    ? new JournalBatch(entry.Usn, records)
                    : throw new JournalException(
                        JournalError.InsufficientBuffer,
                        $"A buffer of {query.BufferBytes} bytes does not hold the record of {record.RecordLength} bytes at {entry.Usn}.");
            }

            left -= record.RecordLength;
            records.Add(record);
        }

        return new JournalBatch(_info.NextUsn, records);
    }

    /// <summary>Reads from a query's start to the end, however many buffers it takes.</summary>
    public IEnumerable<UsnRecord> ReadToEnd(JournalQuery query)
    {
        ArgumentNullException.ThrowIfNull(query);
        for (var batch = Read(query); ; batch = Read(query with { StartUsn = batch.NextUsn }))
        {
            foreach (var record in batch.Records)
            {
                yield return record;
            }

            if (batch.NextUsn == _info.NextUsn)
            {
                yield break;
            }
        }
    }

    private long Start(JournalQuery query)
    {
        if (query.JournalId != _info.JournalId)
        {
            throw new JournalException(
                JournalError.InvalidParameter, $"The journal is {_info.JournalId:X}, and {query.JournalId:X} was asked for.");
        }

        if (query.MinMajorVersion > query.MaxMajorVersion
            || query.MaxMajorVersion < _info.MinSupportedMajorVersion || query.MinMajorVersion > _info.MaxSupportedMajorVersion)
        {
            throw new JournalException(
                JournalError.InvalidParameter,
                $"There are no records of versions {query.MinMajorVersion} to {query.MaxMajorVersion}.");
        }

        if (query.StartUsn > 0 && query.StartUsn < _info.FirstUsn)
        {
            throw new JournalException(
                JournalError.EntryDeleted, $"The journal begins at {_info.FirstUsn}; {query.StartUsn} was trimmed.");
        }

        if (query.StartUsn < 0 || query.StartUsn > _info.NextUsn)
        {
            throw new JournalException(
                JournalError.InvalidParameter, $"The journal ends at {_info.NextUsn}; it has no USN {query.StartUsn}.");
        }

        return Math.Max(query.StartUsn, _info.FirstUsn);
    }

    private IEnumerable<JournalEntry> From(long usn)
    {
        if (usn == _info.NextUsn)
        {
            yield break;
        }

        var segment = _first;
        while (segment?.Next is { } next && next.Entries[0].Usn <= usn)
        {
            segment = next;
        }

        var atRecord = false;
        for (; segment is not null; segment = segment.Next)
        {
            for (var i = 0; i < segment.Count && segment.Entries[i].Usn < _info.NextUsn; i++)
            {
                atRecord |= segment.Entries[i].Usn == usn;
                if (segment.Entries[i].Usn > usn && !atRecord)
                {
                    throw NoRecord(usn);
                }

                if (atRecord)
                {
                    yield return segment.Entries[i];
                }
            }
        }

        if (!atRecord)
        {
            throw NoRecord(usn);
        }
    }

    private static JournalException NoRecord(long usn) =>
        new(JournalError.InvalidParameter, $"No record of the journal begins at {usn}.");

    private static bool IsWanted(in JournalEntry entry, JournalQuery query)
    {
        var version = entry.Version == 3 && query.MaxMajorVersion == 2 ? 2 : entry.Version;
        return version <= query.MaxMajorVersion
            && (entry.Reason & query.ReasonMask) != UsnReason.None
            && (!query.OnlyOnClose || (entry.Reason & UsnReason.Close) != UsnReason.None);
    }

    private UsnRecord Publish(in JournalEntry entry, int maxVersion)
    {
        var version = Math.Min(entry.Version, maxVersion);
        var name = entry.Extents is null ? _names.Get(entry.NameRef) : "";
        return new UsnRecord
        {
            MajorVersion = version,
            RecordLength = version == entry.Version ? entry.Length : UsnLayout.LengthOf(version, name.Length),
            File = new FileReference(entry.File),
            Parent = new FileReference(entry.Parent),
            Usn = entry.Usn,
            TimeStamp = entry.TimeStamp,
            Reason = entry.Reason,
            SourceInfo = entry.Source,
            SecurityId = entry.SecurityId,
            Attributes = entry.Attributes,
            Name = name,
            Extents = entry.Extents ?? [],
            RemainingExtents = entry.RemainingExtents,
        };
    }
}
