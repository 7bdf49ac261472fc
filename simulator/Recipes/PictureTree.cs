using Harness.Simulator.Volume;

namespace Harness.Simulator.Recipes;

/// <summary>
/// Chooses the names that a picture shows, breadth first, so that every part of a volume has its share of few lines; and adds up
/// what is below the directories among them.
/// </summary>
internal sealed class PictureTree
{
    private const int MaxInDirectory = 6;

    private readonly bool _isCaseSensitive;
    private readonly Dictionary<string, Node> _nodes = new(StringComparer.Ordinal);
    private readonly Stack<(string Path, Node? Node)> _above = new();
    private readonly Node _root = new();

    /// <summary>Chooses; a volume of no more names than lines is shown whole.</summary>
    public PictureTree(VolumeView volume, int maxLines)
    {
        _isCaseSensitive = volume.Settings.CaseSensitive;
        _nodes.Add("", _root);
        _above.Push(("", _root));
        var isWhole = volume.FileCount + volume.DirectoryCount <= maxLines;
        var queue = new Queue<(string Path, Node Node)>([("", _root)]);
        while (_nodes.Count <= maxLines && queue.TryDequeue(out var parent))
        {
            var most = isWhole ? int.MaxValue : parent.Path.Length == 0 ? maxLines / 2 : MaxInDirectory;
            var (files, directories) = (0, 0);
            foreach (var entry in volume.List(parent.Path))
            {
                var isShown = (entry.IsDirectory ? ++directories : ++files) <= most && _nodes.Count <= maxLines;
                if (!isShown)
                {
                    _ = entry.IsDirectory ? parent.Node.DirectoriesNotShown++ : parent.Node.FilesNotShown++;
                    continue;
                }

                var node = new Node();
                _nodes.Add(entry.Path, node);
                parent.Node.Children.Add(entry.Path);
                if (entry.IsDirectory && entry.ReparseTag is null)
                {
                    queue.Enqueue((entry.Path, node));
                }
            }
        }

        foreach (var (path, node) in queue)
        {
            foreach (var entry in volume.List(path))
            {
                _ = entry.IsDirectory ? node.DirectoriesNotShown++ : node.FilesNotShown++;
            }
        }
    }

    /// <summary>Takes the next entry of a walk.</summary>
    /// <param name="entry">The entry.</param>
    /// <param name="firstName">First name of a hard-linked file that had one before; else null.</param>
    public void Add(VolumeEntry entry, string? firstName)
    {
        while (_above.Count > 1 && !IsBelow(entry.Path, _above.Peek().Path))
        {
            _above.Pop();
        }

        foreach (var (_, above) in _above)
        {
            above?.Count(entry, firstName is null);
        }

        var node = _nodes.GetValueOrDefault(entry.Path);
        if (node is not null)
        {
            node.IsDirectory = entry.IsDirectory;
            node.Note = PictureText.Note(entry, _isCaseSensitive, firstName);
        }

        if (entry.IsDirectory)
        {
            _above.Push((entry.Path, node));
        }
    }

    /// <summary>Whether anything in a directory is shown, so that a walk has to go there.</summary>
    public bool ShowsBelow(string directory) => _nodes.GetValueOrDefault(directory) is { Children.Count: > 0 };

    /// <summary>Takes all that lies below a directory at once.</summary>
    public void AddGenerated(string directory, GeneratedContents contents)
    {
        for (var path = directory; ; path = path[..Math.Max(path.LastIndexOf('/'), 0)])
        {
            _nodes.GetValueOrDefault(path)?.Count(contents);
            if (path.Length == 0)
            {
                return;
            }
        }
    }

    /// <summary>The lines, a directory before what is in it; the root has none.</summary>
    public List<PictureLine> ToLines()
    {
        var lines = new List<PictureLine>();
        AddChildren(_root);
        return lines;

        void AddChildren(Node parent)
        {
            foreach (var path in parent.Children)
            {
                var node = _nodes[path];
                var note = node.IsDirectory
                    ? string.Join(", ", new[] { node.Note, node.Summary() }.Where(text => text.Length > 0))
                    : node.Note;
                lines.Add(new PictureLine(path, node.IsDirectory, note, node.FilesNotShown, node.DirectoriesNotShown));
                AddChildren(node);
            }
        }
    }

    private static bool IsBelow(string path, string directory) =>
        directory.Length == 0
        || (path.Length > directory.Length && path[directory.Length] == '/' && path.StartsWith(directory, StringComparison.Ordinal));

    /// <summary>A name that is shown.</summary>
    private sealed class Node
    {
        private long _files;
        private long _directories;
        private long _logicalBytes;
        private long _allocatedBytes;

        public List<string> Children { get; } = [];

        public bool IsDirectory { get; set; }

        public string Note { get; set; } = "";

        public long FilesNotShown { get; set; }

        public long DirectoriesNotShown { get; set; }

        public void Count(VolumeEntry entry, bool hasData)
        {
            _ = entry.IsDirectory ? _directories++ : _files++;
            foreach (var stream in hasData ? entry.Streams : [])
            {
                _logicalBytes += stream.SizeBytes;
                _allocatedBytes += stream.AllocatedBytes;
            }
        }

        public void Count(GeneratedContents contents)
        {
            _files += contents.Files;
            _directories += contents.Directories;
            _logicalBytes += contents.LogicalBytes;
            _allocatedBytes += contents.AllocatedBytes;
        }

        public string Summary() => _files + _directories == 0 ? ""
            : $"{PictureText.Counted(_files, _directories, "")}, {SizeText.Format(_logicalBytes)} "
                + $"({SizeText.Format(_allocatedBytes)} allocated)";
    }
}
