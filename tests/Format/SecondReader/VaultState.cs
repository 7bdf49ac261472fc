using System.Security.Cryptography;
using System.Text;

namespace Harness.Tests.Format.SecondReader;

/// <summary>One stream: its bytes with holes as zeros, and which of them are holes.</summary>
internal sealed record SecondStream(string Name, long SizeBytes, long? RawBytes, byte[] Content, Dictionary<long, string> Digests);

/// <summary>One entry.</summary>
internal sealed record SecondEntry(
    byte Kind, byte Protection, ulong Traits, ulong Attributes, ulong Parent, string Name, byte Security, byte[] SecurityBytes,
    byte[] EncryptionInfo, IReadOnlyDictionary<int, (long Seconds, long Nanoseconds)> Times, IReadOnlyList<SecondStream> Streams);

/// <summary>Something that the recovery point does not hold.</summary>
internal sealed record SecondIssue(byte Kind, string Path, string Reason, string Clause, string Status, string Message);

/// <summary>FORMAT.md section 7: the state of a recovery point, to which manifest parts are applied.</summary>
internal sealed class VaultState(IReadOnlyDictionary<string, byte[]> segments)
{
    private readonly Dictionary<ulong, SecondEntry> _entries = [];
    private readonly Dictionary<ulong, SecondIssue> _issues = [];

    public IEnumerable<SecondIssue> Issues => _issues.Values;

    public void Clear()
    {
        _entries.Clear();
        _issues.Clear();
    }

    public void Apply(byte[] part)
    {
        var wire = new Wire(part);
        VaultKeys.Require(wire.U8() == 1);
        (byte Space, ulong Id)? last = null;
        for (var count = wire.Number(); count > 0; count--)
        {
            var space = wire.U8();
            var id = unchecked((last is { } before && before.Space == space ? before.Id : 0) + (ulong)wire.ZigZag());
            VaultKeys.Require(last is null || last.Value.CompareTo((space, id)) < 0);
            var payload = wire.U8() == 0 ? null : new Wire(wire.Bytes());
            switch (space, payload)
            {
                case (0, null): _entries.Remove(id); break;
                case (0, not null): _entries[id] = Entry(payload, _entries.GetValueOrDefault(id)); break;
                case (1, null): _issues.Remove(id); break;
                default: _issues[id] = Issue(payload!, id); break;
            }

            VaultKeys.Require(payload is null || payload.AtEnd);
            last = (space, id);
        }

        VaultKeys.Require(wire.AtEnd);
    }

    /// <summary>Entries by path.</summary>
    public Dictionary<string, SecondEntry> Paths() =>
        _entries.ToDictionary(item => PathOf(item.Key), item => item.Value, StringComparer.Ordinal);

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

        return new SecondEntry(
            kind, protection, traits, attributes, folder, name, security, securityBytes, encryption, times, streams);
    }

    private SecondStream Stream(Wire wire, SecondEntry? parent)
    {
        var (name, size, _, _, raw) = (wire.Text(), wire.Number(), wire.Number(), wire.VarInt(), wire.Number());
        var length = raw == 0 ? size : raw - 1;
        var content = new byte[length];
        var digests = new Dictionary<long, string>();
        if (wire.U8() == 1)
        {
            var before = parent!.Streams.Single(stream => stream.Name == name);
            before.Content.AsSpan(0, (int)Math.Min(length, before.Content.Length)).CopyTo(content);
            digests = before.Digests.Where(d => d.Key << 20 < length).ToDictionary();
        }

        var ids = new string[wire.Number()];
        for (var i = 0; i < ids.Length; i++)
        {
            ids[i] = wire.Hex(32);
        }

        Extents(wire, ids, content);
        Digests(wire, digests);
        return new SecondStream(name, size, raw == 0 ? null : length, content, digests);
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
        var issue = new SecondIssue(wire.U8(), wire.Text(), wire.Text(), wire.Text(), wire.Text(), wire.Text());
        VaultKeys.Require(BitConverter.ToUInt64(SHA256.HashData(Encoding.UTF8.GetBytes(issue.Path))) == id);
        return issue;
    }
}
