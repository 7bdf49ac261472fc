using System.Security.Cryptography;
using System.Text.Json;
using System.Text;
using Harness.Scenarios.Searches.SecondReader;

namespace Harness.Tests.Format.SecondReader;

/// <summary>
/// A reader of vaults written from engine/FORMAT.md alone: no type of the engine, only the cryptography and Brotli of .NET.
/// Where it and the engine disagree, one of the two or the document is wrong. Simple before fast.
/// </summary>
internal sealed class SecondVaultReader
{
    private readonly IReadOnlyDictionary<string, byte[]> _blobs;
    private readonly VaultKeys _keys;
    private readonly VaultBlobs _reader;

    public SecondVaultReader(IReadOnlyDictionary<string, byte[]> blobs, string passphrase)
    {
        _blobs = blobs;
        _keys = new VaultKeys(blobs, passphrase);
        _reader = new VaultBlobs(blobs, _keys);
    }

    public Dictionary<string, byte[]> SegmentsByFooter() => _reader.SegmentsByFooter();

    public IReadOnlySet<byte> Codecs => _reader.Codecs;

    public Dictionary<string, byte[]> SegmentsByIndex() => _reader.SegmentsByIndex();

    /// <summary>Numbers of the recovery points of a source that are forgotten: section 12.</summary>
    public IReadOnlyList<int> Forgotten(string sourceName)
    {
        var prefix = $"deleted/{SourceId(sourceName)}/";
        var newest = new SortedDictionary<int, int>();
        foreach (var name in _blobs.Keys.Where(name => name.StartsWith(prefix, StringComparison.Ordinal)))
        {
            var (point, number) = (int.Parse(name.AsSpan(prefix.Length, 10)), int.Parse(name.AsSpan(prefix.Length + 11)));
            VaultKeys.Require(name == $"{prefix}{point:D10}.{number:D6}");
            var marker = JsonDocument.Parse(_reader.Open(name, 4, name)).RootElement;
            VaultKeys.Require(marker.GetProperty("sequence").GetInt32() == point && marker.GetProperty("number").GetInt32() == number);
            var commit = SHA256.HashData(_blobs[$"commits/{SourceId(sourceName)}/{point:D10}"]);
            VaultKeys.Require(marker.GetProperty("commit").GetString() == Convert.ToHexStringLower(commit));
            newest[point] = Math.Max(newest.GetValueOrDefault(point), number);
        }

        return [.. newest.Where(item => item.Value % 2 == 1).Select(item => item.Key)];
    }

    /// <summary>The state of each recovery point of a source, in order, handed to the caller before it is changed further.</summary>
    public IEnumerable<(JsonElement Commit, VaultState State)> RecoveryPoints(string sourceName)
    {
        var source = SourceId(sourceName);
        var state = new VaultState(SegmentsByIndex());
        string? parent = null;
        for (var number = 1; _blobs.TryGetValue($"commits/{source}/{number:D10}", out var blob); number++)
        {
            var name = $"commits/{source}/{number:D10}";
            var commit = JsonDocument.Parse(_reader.Open(name, 3, $"commit/{source}/{number:D10}")).RootElement;
            VaultKeys.Require(commit.GetProperty("sequence").GetInt32() == number);
            VaultKeys.Require(commit.GetProperty("source").GetString() == sourceName);
            VaultKeys.Require(commit.GetProperty("parent").GetString() == parent);
            if (commit.GetProperty("checkpoint").GetBoolean())
            {
                state.Clear();
            }

            foreach (var hash in commit.GetProperty("manifests").EnumerateArray())
            {
                var manifest = $"manifests/{source}/{hash.GetString()}";
                VaultKeys.Require(Convert.ToHexStringLower(SHA256.HashData(_blobs[manifest])) == hash.GetString());
                state.Apply(_reader.Open(manifest, 2, $"manifest/{source}"));
            }

            yield return (commit, state);
            parent = Convert.ToHexStringLower(SHA256.HashData(blob));
        }
    }

    private string SourceId(string sourceName) =>
        Convert.ToHexStringLower(HMACSHA256.HashData(_keys.SourceKey, Encoding.UTF8.GetBytes(sourceName)))[..32];

    /// <summary>The digest of a range of content as section 7 defines it; null when it is zero.</summary>
    public string? Digest(ReadOnlySpan<byte> range)
    {
        var fingerprints = new List<byte[]>();
        for (; !range.IsEmpty; range = range[Math.Min(4096, range.Length)..])
        {
            var page = range[..Math.Min(4096, range.Length)];
            fingerprints.Add(page.ContainsAnyExcept((byte)0) ? VaultKeys.Tag(_keys.PageTagKey, page.ToArray()) : new byte[16]);
        }

        var all = fingerprints.SelectMany(bytes => bytes).ToArray();
        return all.All(b => b == 0) ? null
            : Convert.ToHexStringLower(fingerprints.Count == 1 ? all : VaultKeys.Mac(_keys.RangeKey, [_keys.RangeTagKey], all)[..16]);
    }
}
