using Harness.Simulator.Content;
using Harness.Simulator.Volume;

namespace Harness.Simulator.Recipes;

/// <summary>Builds one generated tree: directories breadth first, then the files spread over them.</summary>
internal sealed class TreeBuilder
{
    /// <summary>A directory is worth making for about this many files.</summary>
    internal const int FilesPerDirectory = 6;

    private readonly RecipeTree _tree;
    private readonly SimVolume _volume;
    private readonly ulong _recipeSeed;
    private readonly SeededSequence _shape;
    private readonly SizeDraw _sizes;
    private readonly INamePool _names;

    public TreeBuilder(RecipeTree tree, SimVolume volume, ulong recipeSeed, ulong treeSeed)
    {
        _tree = tree;
        _volume = volume;
        _recipeSeed = recipeSeed;
        _shape = new SeededSequence(Mix.Of(treeSeed, "shape"));
        _sizes = new SizeDraw(tree.Sizes, Mix.Of(treeSeed, "sizes"));
        _names = tree.Names == "plain" ? new PlainNames() : new OfficeNames(Mix.Of(treeSeed, "names"));
    }

    public void Build()
    {
        _volume.CreateDirectories(_tree.Path);
        var directories = MakeDirectories();
        for (long i = 0; i < _tree.Files; i++)
        {
            MakeFile(_shape.Pick(directories));
        }
    }

    private List<string> MakeDirectories()
    {
        var all = new List<string> { _tree.Path };
        var most = (_tree.Files / FilesPerDirectory) + 1;
        var level = all.ToArray();
        for (var depth = 0; depth < _tree.Depth && all.Count < most; depth++)
        {
            var next = new List<string>();
            foreach (var parent in level)
            {
                for (var i = 0; i < _tree.FanOut && all.Count < most; i++)
                {
                    var path = Unused(parent, _names.Directory(depth), "");
                    _volume.CreateDirectory(path);
                    all.Add(path);
                    next.Add(path);
                }
            }

            level = [.. next];
        }

        return all;
    }

    private void MakeFile(string directory)
    {
        var name = _names.File();
        var path = Unused(directory, name.Stem, name.Extension);
        if (_tree.Content is null && name.Text is { } text)
        {
            _volume.CreateFile(path);
            _volume.Write(path, 0, text);
        }
        else
        {
            var profile = _tree.Content is { } content ? RecipeBuilder.ProfileOf(content, _recipeSeed) : name.Profile;
            _volume.CreateFile(path, _sizes.Next(), profile, Mix.Of(Mix.Of(_recipeSeed, "content"), path));
        }

        var attributes = _tree.Attributes;
        if (attributes.Storage.HasFlag(StreamFlags.Sparse))
        {
            _volume.SetSparse(path);
        }

        if (attributes.Storage.HasFlag(StreamFlags.Compressed))
        {
            _volume.SetCompression(path);
        }

        if (attributes.Storage.HasFlag(StreamFlags.Encrypted))
        {
            _volume.Encrypt(path);
        }

        if (attributes.File != FileAttributes.None)
        {
            _volume.SetAttributes(path, attributes.File);
        }
    }

    /// <summary>A name that is free in a directory: numbered as Windows numbers copies.</summary>
    private string Unused(string directory, string stem, string extension)
    {
        var prefix = directory.Length == 0 ? "" : directory + "/";
        var path = $"{prefix}{stem}{extension}";
        for (var copy = 2; _volume.Locate(path) is not null; copy++)
        {
            path = $"{prefix}{stem} ({copy}){extension}";
        }

        return path;
    }
}
