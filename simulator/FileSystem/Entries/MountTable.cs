using Harness.Simulator.FileSystem.Paths;
using Harness.Simulator.Volume;

namespace Harness.Simulator.FileSystem.Entries;

/// <summary>Which volume stands under which drive letter or share. Immutable.</summary>
internal sealed class MountTable
{
    private readonly Dictionary<string, VolumeSession> _byRoot = new(StringComparer.OrdinalIgnoreCase);

    public MountTable(SimVolume first, SimFileSystemOptions options)
    {
        Add($"{options.DriveLetter}:", first, nameof(options));
        foreach (var (root, volume) in options.MoreVolumes)
        {
            Add(root.TrimEnd('\\'), volume, nameof(options));
        }

        Drives = [.. _byRoot.Keys.Where(root => root.Length == 2).Select(root => root + "\\").Order(StringComparer.Ordinal)];
    }

    /// <summary>Roots of the drives in order: <c>C:\</c>.</summary>
    public IReadOnlyList<string> Drives { get; }

    /// <summary>The volumes, each once.</summary>
    public IEnumerable<VolumeSession> Sessions => _byRoot.Values.Distinct();

    /// <summary>The volume a full path without device prefix lies on, and how much of the path is its root.</summary>
    public VolumeSession? Find(string path, out int rootLength)
    {
        rootLength = PathSyntax.RootLength(path);
        return _byRoot.GetValueOrDefault(path[..rootLength].TrimEnd('\\'));
    }

    private void Add(string root, SimVolume volume, string parameter)
    {
        ArgumentNullException.ThrowIfNull(volume);
        var isDrive = root.Length == 2 && PathSyntax.IsDriveLetter(root[0]) && root[1] == ':';
        var isShare = root.StartsWith(@"\\", StringComparison.Ordinal) && !PathSyntax.IsDevice(root)
            && root.Split('\\').Length == 4 && PathSyntax.RootLength(root) == root.Length && !root.EndsWith('\\');
        if (!isDrive && !isShare)
        {
            throw new ArgumentException($@"'{root}' is neither a drive such as D: nor a share such as \\server\share.", parameter);
        }

        if (!_byRoot.TryAdd(isDrive ? root.ToUpperInvariant() : root, VolumeSession.Of(volume)))
        {
            throw new ArgumentException($"Two volumes are to stand under '{root}'.", parameter);
        }
    }
}
