using System.Security.Cryptography;
using System.Text;
using Harness.Scenarios.Searches.SecondReader;

namespace Harness.Tests.Format.SecondReader;

/// <summary>One stream: its bytes with holes as zeros, and which of them are holes.</summary>
internal sealed record SecondStream(string Name, ulong Id, long SizeBytes, long? RawBytes, SecondContent? Kept)
{
    public byte[] Content { get; set; } = Kept?.Bytes ?? [];
}

/// <summary>Content of a stream or of a region: its bytes with holes as zeros, and digests of its ranges.</summary>
internal sealed record SecondContent(byte[] Bytes, Dictionary<long, string> Digests);

/// <summary>One entry.</summary>
internal sealed record SecondEntry(
    byte Kind, byte Protection, ulong Traits, ulong Attributes, ulong Parent, string Name, byte Security, byte[] SecurityBytes,
    byte[] EncryptionInfo, IReadOnlyDictionary<int, (long Seconds, long Nanoseconds)> Times, IReadOnlyList<SecondStream> Streams,
    (ulong Tag, int IsDirectory, byte[] Data)? Reparse, IReadOnlyList<(ulong Parent, string Name)> Names);

/// <summary>Something that the recovery point does not hold.</summary>
internal sealed record SecondIssue(
    byte Kind, ulong Parent, string Name, ulong About, string Reason, string Clause, string Status, string Message);

/// <summary>FORMAT.md section 7: the state of a recovery point, to which manifest parts are applied.</summary>
internal sealed class VaultState(IReadOnlyDictionary<string, byte[]> segments)
{
    private readonly Dictionary<ulong, SecondEntry> _entries = [];
    private readonly Dictionary<ulong, SecondIssue> _issues = [];
    private readonly Dictionary<(ulong Id, ulong Sub), SecondContent> _regions = [];

    /// <summary>Paths of what the recovery point does not hold.</summary>
    public IEnumerable<string> Issues =>
        _issues.Values.Select(issue => PathOf(issue.Parent) is { Length: > 0 } above ? $"{above}/{issue.Name}" : issue.Name);

    public void Clear()
    {
        _entries.Clear();
        _issues.Clear();
        _regions.Clear();
    }

    public void Apply(byte[] part)
    {
        var wire = new Wire(part);
        VaultKeys.Require(wire.U8() == 1);
        (byte Space, ulong Id, ulong Sub)? last = null;
        for (var count = wire.Number(); count > 0; count--)
        {
            var space = wire.U8();
            var id = unchecked((last is { } before && before.Space == space ? before.Id : 0) + (ulong)wire.ZigZag());
            var sub = space == 2 ? wire.VarInt() : 0;
            VaultKeys.Require(last is null || last.Value.CompareTo((space, id, sub)) < 0);
            var payload = wire.U8() == 0 ? null : new Wire(wire.Bytes());
            switch (space, payload)
            {
                case (0, null): _entries.Remove(id); break;
                case (0, not null): _entries[id] = Entry(payload, _entries.GetValueOrDefault(id)); break;
                case (1, null): _issues.Remove(id); break;
                case (2, null): _regions.Remove((id, sub)); break;
                case (2, not null):
                    _regions[(id, sub)] = Content(payload, payload.Number(), _regions.GetValueOrDefault((id, sub)))!;
                    break;
                default: _issues[id] = Issue(payload!, id); break;
            }

            VaultKeys.Require(payload is null || payload.AtEnd);
            last = (space, id, sub);
        }

        VaultKeys.Require(wire.AtEnd);
    }

    /// <summary>Entries by path.</summary>
    public Dictionary<string, SecondEntry> Paths()
    {
        foreach (var (id, entry) in _entries)
        {
            foreach (var stream in entry.Streams.Where(stream => stream.Kept is null))
            {
                stream.Content = Assembled(id, stream);
            }
        }

        return _entries.SelectMany(item => PathsOf(item.Key, item.Value).Select(path => (Path: path, Entry: item.Value)))
            .ToDictionary(item => item.Path, item => item.Entry, StringComparer.Ordinal);
    }

    private IEnumerable<string> PathsOf(ulong id, SecondEntry entry) =>
        entry.Names.Select(name => PathOf(name.Parent) is { Length: > 0 } above ? $"{above}/{name.Name}" : name.Name).Prepend(PathOf(id));

    private byte[] Assembled(ulong id, SecondStream stream)
    {
        var content = new byte[stream.RawBytes ?? stream.SizeBytes];
        foreach (var (key, region) in _regions.Where(region => region.Key.Id == id && region.Key.Sub >> 32 == stream.Id))
        {
            region.Bytes.CopyTo(content, checked((int)((key.Sub & uint.MaxValue) << 28)));
        }

        return content;
    }

    private string PathOf(ulong id)
    {
        var entry = _entries[id];
        var above = entry.Parent == id ? "" : PathOf(entry.Parent);
        return above.Length == 0 ? entry.Name : $"{above}/{entry.Name}";
    }

    private SecondEntry Entry(Wire wire, SecondEntry? parent)
    {
        var (kind, protection, traits, attributes) = (wire.U8(), wire.U8(), wire.VarInt(), wire.VarInt());
        var (folder, name) = (wire.U64(), wire.Text());
        var mask = wire.U8();
        var times = new Dictionary<int, (long, long)>();
        for (var bit = 1; bit <= 8; bit <<= 1)
        {
            if ((mask & bit) != 0)
            {
                times[bit] = (wire.ZigZag(), wire.Number());
            }
        }

        var (security, securityBytes, encryption) = (wire.U8(), wire.Bytes(), wire.Bytes());
        var streams = new List<SecondStream>();
        for (var count = wire.Number(); count > 0; count--)
        {
            streams.Add(Stream(wire, parent));
        }

        (ulong Tag, int IsDirectory, byte[] Data)? reparse = kind == 3 ? (wire.U32(), wire.U8(), wire.Bytes()) : null;
        VaultKeys.Require(reparse is null or { IsDirectory: <= 1, Data.Length: <= 16 << 10 });
        var names = new List<(ulong Parent, string Name)>();
        for (var count = (traits & 8) == 0 ? 0 : wire.Number(); count > 0; count--)
        {
            names.Add((wire.U64(), wire.Text()));
        }

        VaultKeys.Require(names.SequenceEqual(names.OrderBy(item => item.Parent).ThenBy(item => item.Name, StringComparer.Ordinal)));

        return new SecondEntry(
            kind, protection, traits, attributes, folder, name, security, securityBytes, encryption, times, streams, reparse, names);
    }

    private SecondStream Stream(Wire wire, SecondEntry? parent)
    {
        var (name, id, size, _, _, raw) =
            (wire.Text(), wire.VarInt(), wire.Number(), wire.Number(), wire.VarInt(), wire.Number());
        var length = raw == 0 ? size : raw - 1;
        var before = parent?.Streams.SingleOrDefault(stream => stream.Name == name)?.Kept;
        return new SecondStream(name, id, size, raw == 0 ? null : length, Content(wire, length, before));
    }

    private SecondContent? Content(Wire wire, long length, SecondContent? before)
    {
        var form = wire.U8();
        VaultKeys.Require(form <= 2 && form == 2 == length > 256 << 20);
        if (form == 2)
        {
            return null;
        }

        var content = new byte[length];
        var digests = new Dictionary<long, string>();
        if (form == 1)
        {
            before!.Bytes.AsSpan(0, (int)Math.Min(length, before.Bytes.Length)).CopyTo(content);
            digests = before.Digests.Where(d => d.Key << 20 < length).ToDictionary();
        }

        var ids = new string[wire.Number()];
        for (var i = 0; i < ids.Length; i++)
        {
            ids[i] = wire.Hex(32);
        }

        Extents(wire, ids, content);
        Digests(wire, digests);
        return new SecondContent(content, digests);
    }

    private void Extents(Wire wire, string[] ids, byte[] content)
    {
        long position = 0;
        var (segment, next) = (0, 0);
        for (var count = wire.Number(); count > 0; count--)
        {
            position += wire.Number();
            var packed = wire.VarInt();
            var target = content.AsSpan((int)position, (int)(packed >> 2));
            position += target.Length;
            if ((packed & 3) != 0)
            {
                VaultKeys.Require((packed & 3) <= 2);
                target.Clear();
                continue;
            }

            var ordinal = (int)wire.Number();
            (segment, next) = ordinal == 0 ? (segment, next) : (ordinal - 1, (int)wire.Number());
            segments[ids[segment]].AsSpan(next, target.Length).CopyTo(target);
            next += target.Length;
        }
    }

    private static void Digests(Wire wire, Dictionary<long, string> digests)
    {
        long range = 0;
        for (var count = wire.Number(); count > 0; count--)
        {
            range += wire.Number();
            digests[range++] = wire.Hex(16);
        }
    }

    private static SecondIssue Issue(Wire wire, ulong id)
    {
        var issue = new SecondIssue(
            wire.U8(), wire.U64(), wire.Text(), wire.U64(), wire.Text(), wire.Text(), wire.Text(), wire.Text());
        byte[] where = [.. BitConverter.GetBytes(issue.Parent), .. Encoding.UTF8.GetBytes(issue.Name)];
        VaultKeys.Require(BitConverter.ToUInt64(SHA256.HashData(where)) == id);
        return issue;
    }
}
