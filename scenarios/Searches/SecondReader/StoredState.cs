namespace Harness.Scenarios.Searches.SecondReader;

/// <summary>
/// The state of a recovery point by FORMAT.md section 7, as far as an oracle needs it: what content is made of, and what the point
/// says that it does not hold.
/// </summary>
internal sealed class StoredState
{
    private readonly Dictionary<ulong, StoredEntry> _entries = [];
    private readonly Dictionary<ulong, StoredIssue> _issues = [];
    private readonly Dictionary<(ulong Id, ulong Sub), StoredContent> _regions = [];

    /// <summary>The empty state, or a copy of another.</summary>
    public StoredState(StoredState? before = null)
    {
        if (before is not null)
        {
            (_entries, _issues, _regions) = (new(before._entries), new(before._issues), new(before._regions));
        }
    }

    /// <summary>Everything that is made of segments.</summary>
    public IEnumerable<StoredExtent> Extents =>
        _entries.Values.SelectMany(entry => entry.Streams.Values).OfType<StoredContent>().Concat(_regions.Values)
            .SelectMany(content => content.Extents);

    /// <summary>What the point does not hold.</summary>
    public IEnumerable<StoredIssue> Issues => _issues.Values;

    /// <summary>Applies the records of one part.</summary>
    public void Apply(byte[] part)
    {
        var wire = new Wire(part);
        VaultKeys.Require(wire.U8() == 1);
        (byte Space, ulong Id) last = default;
        for (var count = wire.Number(); count > 0; count--)
        {
            var space = wire.U8();
            var id = unchecked((last.Space == space ? last.Id : 0) + (ulong)wire.ZigZag());
            var sub = space == 2 ? wire.VarInt() : 0;
            Apply(space, (id, sub), wire.U8() == 0 ? null : new Wire(wire.Bytes()));
            last = (space, id);
        }

        VaultKeys.Require(wire.AtEnd);
    }

    private void Apply(byte space, (ulong Id, ulong Sub) key, Wire? payload)
    {
        switch (space, payload)
        {
            case (0, null): _entries.Remove(key.Id); break;
            case (1, null): _issues.Remove(key.Id); break;
            case (2, null): _regions.Remove(key); break;
            case (0, not null): _entries[key.Id] = Entry(payload, _entries.GetValueOrDefault(key.Id)); break;
            case (1, not null): _issues[key.Id] = new StoredIssue(payload.U8(), payload.U64(), payload.Text(), payload.U64(), payload.Text(), payload.Text()); break;
            case (2, not null): _regions[key] = Content(payload, payload.Number(), _regions.GetValueOrDefault(key))!; break;
            default: VaultKeys.Require(false); break;
        }
    }

    private static StoredEntry Entry(Wire wire, StoredEntry? before)
    {
        var (kind, protection) = (wire.U8(), wire.U8());
        _ = (wire.VarInt(), wire.VarInt());
        var (parent, name) = (wire.U64(), wire.Text());
        for (int mask = wire.U8(); mask > 0; mask &= mask - 1)
        {
            _ = (wire.ZigZag(), wire.VarInt());
        }

        _ = (wire.U8(), wire.Bytes(), wire.Bytes());
        var streams = new Dictionary<string, StoredContent?>(StringComparer.Ordinal);
        for (var count = wire.Number(); count > 0; count--)
        {
            var stream = wire.Text();
            var (_, size, _, _, raw) = (wire.VarInt(), wire.Number(), wire.VarInt(), wire.VarInt(), wire.Number());
            streams.Add(stream, Content(wire, raw == 0 ? size : raw - 1, before?.Streams.GetValueOrDefault(stream)));
        }

        return new StoredEntry(kind, protection, parent, name, streams);
    }

    /// <summary>The content; null when it is in regions.</summary>
    private static StoredContent? Content(Wire wire, long length, StoredContent? before)
    {
        var form = wire.U8();
        VaultKeys.Require(form <= 2 && form == 2 == length > 256 << 20);
        if (form == 2)
        {
            return null;
        }

        var ids = new string[wire.Number()];
        for (var i = 0; i < ids.Length; i++)
        {
            ids[i] = wire.Hex(32);
        }

        var extents = ReadExtents(wire, ids);
        VaultKeys.Require(extents.Count == 0 || extents[^1].To <= length);
        for (var count = wire.Number(); count > 0; count--)
        {
            _ = (wire.Number(), wire.Raw(16));
        }

        return (form == 0 ? StoredContent.Empty : before ?? StoredContent.Empty).Patched(length, extents);
    }

    private static List<StoredExtent> ReadExtents(Wire wire, string[] ids)
    {
        var extents = new List<StoredExtent>();
        long position = 0;
        var (segment, next) = (-1, 0L);
        for (var count = wire.Number(); count > 0; count--)
        {
            position += wire.Number();
            var packed = wire.VarInt();
            var length = checked((long)(packed >> 2));
            if ((packed & 3) == 0)
            {
                var ordinal = (int)wire.Number();
                (segment, next) = ordinal == 0 ? (segment, next) : (ordinal - 1, wire.Number());
                extents.Add(new StoredExtent(position, position + length, ids[segment], next));
                next += length;
            }
            else
            {
                extents.Add(new StoredExtent(position, position + length, null, 0));
            }

            position += length;
        }

        return extents;
    }
}

/// <summary>An entry of a state: its kind (1 file, 2 directory, 3 reparse point), protection (1 full only), place and streams.</summary>
internal sealed record StoredEntry(
    byte Kind, byte Protection, ulong Parent, string Name, IReadOnlyDictionary<string, StoredContent?> Streams);

/// <summary>Something that a recovery point does not hold: kind 0 skipped by the rules, 1 failed.</summary>
internal sealed record StoredIssue(byte Kind, ulong Parent, string Name, ulong About, string Reason, string Clause);
