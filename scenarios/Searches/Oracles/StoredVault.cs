using System.Security.Cryptography;
using System.Text.Json;
using Harness.Scenarios.Searches.SecondReader;
using Harness.Simulator.Vaults;

namespace Harness.Scenarios.Searches.Oracles;

/// <summary>
/// The blobs of a vault as a stranger with FORMAT.md reads them, without a line of the engine. Remembers what it has read of each blob:
/// a look at a vault costs what was added since the last one. One thread.
/// </summary>
/// <param name="store">The blobs.</param>
/// <param name="passphrase">Opens them.</param>
internal sealed class StoredVault(MemoryVaultStore store, string passphrase)
{
    private readonly Dictionary<string, byte[]> _blobs = new(StringComparer.Ordinal);
    private readonly Dictionary<string, IReadOnlyList<SegmentPlace>> _packs = new(StringComparer.Ordinal);
    private readonly Dictionary<string, IReadOnlyList<(string Pack, SegmentPlace Place)>> _indexes = new(StringComparer.Ordinal);
    private readonly Dictionary<string, (string Hash, StoredPoint Point)> _points = new(StringComparer.Ordinal);
    private VaultBlobs? _reader;

    /// <summary>Takes in what changed since the last look.</summary>
    public void Refresh()
    {
        var names = store.Names().ToHashSet(StringComparer.Ordinal);
        foreach (var gone in _blobs.Keys.Where(name => !names.Contains(name)).ToList())
        {
            _blobs.Remove(gone);
        }

        // Only the name of a commit may come back with another content, after a run took back its own.
        foreach (var name in names.Where(name => !_blobs.ContainsKey(name) || name.StartsWith("commits/", StringComparison.Ordinal)))
        {
            _blobs[name] = store.Read(name)!;
        }

        if (_reader is null && _blobs.ContainsKey("repo"))
        {
            _reader = new VaultBlobs(_blobs, new VaultKeys(_blobs, passphrase));
        }
    }

    /// <summary>The lengths of the segments that index blobs say are in packs that are there; each was decrypted and hashed once.</summary>
    public Dictionary<string, uint> Segments()
    {
        var segments = new Dictionary<string, uint>(StringComparer.Ordinal);
        foreach (var index in _blobs.Keys.Where(name => name.StartsWith("index/", StringComparison.Ordinal)))
        {
            foreach (var (pack, place) in IndexOf(index))
            {
                if (_blobs.ContainsKey(pack))
                {
                    VaultKeys.Require(place.Ordinal < PackOf(pack).Count && PackOf(pack)[(int)place.Ordinal] == place);
                    segments[place.Id] = place.RawBytes;
                }
            }
        }

        return segments;
    }

    /// <summary>The recovery point of a commit, whose parents are read as far as its state rests on them.</summary>
    /// <param name="commit">Name of its blob.</param>
    public StoredPoint PointOf(string commit)
    {
        var hash = HashOf(commit);
        if (_points.TryGetValue(commit, out var known) && known.Hash == hash)
        {
            return known.Point;
        }

        var parts = commit.Split('/');
        using var document = JsonDocument.Parse(Require(commit).Open(commit, 3, $"commit/{parts[1]}/{parts[2]}"));
        var root = document.RootElement;
        var before = root.GetProperty("checkpoint").GetBoolean() ? null : ParentOf(parts, root);
        var state = new StoredState(before?.State);
        List<string> manifests = [.. root.GetProperty("manifests").EnumerateArray().Select(item => $"manifests/{parts[1]}/{item.GetString()}")];
        foreach (var manifest in manifests)
        {
            state.Apply(Require(manifest).Open(manifest, 2, $"manifest/{parts[1]}"));
            VaultKeys.Require(manifest.EndsWith(HashOf(manifest), StringComparison.Ordinal));
        }

        var point = new StoredPoint(state, [.. before?.Rests ?? [], .. manifests, commit]);
        _points[commit] = (hash, point);
        return point;
    }

    /// <summary>Whether a blob is there.</summary>
    public bool Has(string name) => _blobs.ContainsKey(name);

    private StoredPoint ParentOf(string[] parts, JsonElement commit)
    {
        var parent = $"commits/{parts[1]}/{commit.GetProperty("sequence").GetInt64() - 1:D10}";
        _ = Require(parent);
        VaultKeys.Require(commit.GetProperty("parent").GetString() == HashOf(parent));
        return PointOf(parent);
    }

    private VaultBlobs Require(string name) =>
        _blobs.ContainsKey(name) ? _reader! : throw new InvalidDataException($"'{name}' is needed and not there");

    private string HashOf(string name) => Convert.ToHexStringLower(SHA256.HashData(_blobs[name]));

    private IReadOnlyList<(string Pack, SegmentPlace Place)> IndexOf(string name)
    {
        if (!_indexes.TryGetValue(name, out var found))
        {
            var (packs, segments) = Require(name).Index(name);
            _indexes[name] = found = [.. segments.Select(segment => (packs[segment.Pack].Pack, segment.Place))];
        }

        return found;
    }

    private IReadOnlyList<SegmentPlace> PackOf(string name)
    {
        if (!_packs.TryGetValue(name, out var found))
        {
            _packs[name] = found = [.. Require(name).SegmentsOf(name).Select(segment => segment.Place)];
        }

        return found;
    }
}

/// <summary>A recovery point as it is stored: its state, and the blobs that the state rests on.</summary>
internal sealed record StoredPoint(StoredState State, IReadOnlyList<string> Rests);
