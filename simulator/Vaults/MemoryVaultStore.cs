using Harness.Engine.Errors;
using Harness.Engine.Ports;
using Harness.Simulator.Content;

namespace Harness.Simulator.Vaults;

/// <summary>
/// The blobs behind one or more <see cref="MemoryVault"/> objects: what stays when an engine instance ends and another one
/// opens the vault again. Safe for concurrent calls; contents are copied in and never changed in place.
/// </summary>
/// <param name="capacityBytes">Content bytes that fit; a creation beyond that throws VaultFull. Null: no limit.</param>
public sealed class MemoryVaultStore(long? capacityBytes = null)
{
    private readonly Lock _lock = new();
    private readonly SortedSet<string> _names = new(StringComparer.Ordinal);
    private readonly Dictionary<string, byte[]> _contents = new(StringComparer.Ordinal);
    private readonly Dictionary<string, ulong> _marks = new(StringComparer.Ordinal);
    private long _usedBytes;

    /// <summary>Number of blobs.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
            {
                return _names.Count;
            }
        }
    }

    /// <summary>Content bytes of all blobs.</summary>
    public long UsedBytes
    {
        get
        {
            lock (_lock)
            {
                return _usedBytes;
            }
        }
    }

    /// <summary>Names that start with the prefix, in ordinal order.</summary>
    public IReadOnlyList<string> Names(string prefix = "") => [.. List(prefix).Select(blob => blob.Name)];

    /// <summary>One word for all names and contents, whatever the order in which they came: what stores of the same blobs have in common.</summary>
    public ulong Mark()
    {
        lock (_lock)
        {
            var mark = 0UL;
            foreach ((string name, byte[] content) in _contents)
            {
                if (!_marks.TryGetValue(name, out ulong own))
                {
                    _marks.Add(name, own = Mix.Of(Mix.Of(Mix.Gamma, name), content));
                }

                mark ^= own;
            }

            return mark;
        }
    }

    /// <summary>A copy of every blob, which later changes do not touch.</summary>
    public SortedDictionary<string, byte[]> Snapshot()
    {
        lock (_lock)
        {
            return new(_contents.ToDictionary(pair => pair.Key, pair => pair.Value.ToArray()), StringComparer.Ordinal);
        }
    }

    /// <summary>The length of one blob in bytes, or null.</summary>
    public long? LengthOf(string name) => Find(name)?.LongLength;

    /// <summary>A copy of one blob, or null.</summary>
    public byte[]? Read(string name) => Find(name)?.ToArray();

    /// <summary>Replaces everything by an earlier <see cref="Snapshot"/>: a vault rolled back, or a copy of a vault.</summary>
    public void Restore(IReadOnlyDictionary<string, byte[]> snapshot)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        lock (_lock)
        {
            _names.Clear();
            _contents.Clear();
            _marks.Clear();
            _usedBytes = 0;
            foreach ((string name, byte[] content) in snapshot)
            {
                Put(name, content.ToArray());
            }
        }
    }

    /// <summary>Replaces the content of a blob by what the function makes of a copy of it. VaultBlobMissing when absent.</summary>
    public void Corrupt(string name, Func<byte[], byte[]> change)
    {
        ArgumentNullException.ThrowIfNull(change);
        lock (_lock)
        {
            byte[] content = _contents.TryGetValue(name, out byte[]? found) ? found : throw MemoryVault.Missing(name);
            Put(name, change(content.ToArray()).ToArray());
        }
    }

    /// <summary>Takes a blob away; false when there was none.</summary>
    public bool Remove(string name)
    {
        lock (_lock)
        {
            if (!_contents.Remove(name, out byte[]? content))
            {
                return false;
            }

            _names.Remove(name);
            _marks.Remove(name);
            _usedBytes -= content.Length;
            return true;
        }
    }

    internal bool TryCreate(string name, ReadOnlySpan<byte> content)
    {
        lock (_lock)
        {
            if (_contents.ContainsKey(name))
            {
                return false;
            }

            if (capacityBytes is { } capacity && _usedBytes + content.Length > capacity)
            {
                throw new BackupException(
                    ErrorCode.VaultFull,
                    $"The memory vault holds at most {capacity} bytes; '{name}' with {content.Length} bytes does not fit.");
            }

            Put(name, content.ToArray());
            return true;
        }
    }

    internal byte[]? Find(string name)
    {
        lock (_lock)
        {
            return _contents.GetValueOrDefault(name);
        }
    }

    internal List<VaultBlob> List(string prefix)
    {
        lock (_lock)
        {
            IEnumerable<string> names = prefix.Length == 0 ? _names : _names.GetViewBetween(prefix, prefix + '\uffff');
            return [.. names.Select(name => new VaultBlob(name, _contents[name].Length))];
        }
    }

    private void Put(string name, byte[] content)
    {
        if (_contents.TryGetValue(name, out byte[]? replaced))
        {
            _usedBytes -= replaced.Length;
        }

        _names.Add(name);
        _marks.Remove(name);
        _contents[name] = content;
        _usedBytes += content.Length;
    }
}
