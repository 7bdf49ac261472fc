namespace Harness.Tests.Simulator;

/// <summary>The simplest possible model of a volume: a path to bytes. Null bytes are a directory.</summary>
internal sealed class NaiveVolume
{
    private readonly SortedDictionary<string, byte[]?> _entries = new(StringComparer.Ordinal);

    public IReadOnlyDictionary<string, byte[]?> Entries => _entries;

    public IReadOnlyList<string> Files => [.. _entries.Where(entry => entry.Value is not null).Select(entry => entry.Key)];

    public IReadOnlyList<string> Directories =>
        [.. _entries.Where(entry => entry.Value is null).Select(entry => entry.Key).Prepend("")];

    public bool Contains(string path) => _entries.Keys.Contains(path, StringComparer.OrdinalIgnoreCase);

    public void Put(string path, byte[]? content) => _entries[path] = content;

    public void Write(string path, int offset, byte[] content)
    {
        var old = _entries[path]!;
        var bytes = new byte[Math.Max(old.Length, offset + content.Length)];
        old.CopyTo(bytes, 0);
        content.CopyTo(bytes, offset);
        _entries[path] = bytes;
    }

    public void Resize(string path, int size)
    {
        var bytes = _entries[path]!;
        Array.Resize(ref bytes, size);
        _entries[path] = bytes;
    }

    public void Zero(string path, int offset, int length)
    {
        var bytes = (byte[])_entries[path]!.Clone();
        bytes.AsSpan(Math.Min(offset, bytes.Length), Math.Clamp(bytes.Length - offset, 0, length)).Clear();
        _entries[path] = bytes;
    }

    public void Insert(string path, int offset, byte[] content)
    {
        var bytes = _entries[path]!;
        _entries[path] = [.. bytes[..offset], .. content, .. bytes[offset..]];
    }

    public void Rename(string path, string newPath)
    {
        _entries.Remove(path, out var content);
        _entries.Add(newPath, content);
    }

    public void Delete(string path) => _entries.Remove(path);

    public bool IsEmpty(string directory) =>
        !_entries.Keys.Any(path => path.StartsWith(directory + "/", StringComparison.Ordinal));

    public NaiveVolume Copy()
    {
        var copy = new NaiveVolume();
        foreach (var (path, content) in _entries)
        {
            copy.Put(path, content);
        }

        return copy;
    }
}
