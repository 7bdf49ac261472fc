using Harness.Simulator.Content;
using Harness.Simulator.Volume;

namespace Harness.Simulator.Recipes;

/// <summary>Builds one generated tree: directories breadth first, then the files spread over them.</summary>
internal sealed class TreeBuilder
{
    /// <summary>A directory is worth making for about this many files.</summary>
    private const int FilesPerDirectory = 6;

    private readonly RecipeTree _tree;
    private readonly SimVolume _volume;
    private readonly ulong _recipeSeed;
    private readonly SeededSequence _shape;
    private readonly SeededSequence _sizes;
    private readonly INamePool _names;

    public TreeBuilder(RecipeTree tree, SimVolume volume, ulong recipeSeed, ulong treeSeed)
    {
        _tree = tree;
        _volume = volume;
        _recipeSeed = recipeSeed;
        _shape = new SeededSequence(Mix.Of(treeSeed, "shape"));
        _sizes = new SeededSequence(Mix.Of(treeSeed, "sizes"));
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
            _volume.CreateFile(path, NextSize(), profile, Mix.Of(Mix.Of(_recipeSeed, "content"), path));
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

    private long NextSize()
    {
        var sizes = _tree.Sizes;
        var size = sizes.Distribution switch
        {
            "fixed" => sizes.Median,
            "list" => _sizes.Pick(sizes.Values),
            "uniform" => sizes.Min + _sizes.Below(sizes.Max - sizes.Min + 1),
            _ => (long)Math.Min(sizes.Median * Exponential(sizes.Sigma * _sizes.NextNormal()), sizes.Max),
        };
        return sizes.Distribution is "fixed" or "list" ? size : Math.Clamp(size, sizes.Min, sizes.Max);
    }

    /// <summary>e^x by additions and multiplications only, so that sizes are the same on every machine.</summary>
    private static double Exponential(double x)
    {
        var halvings = 0;
        while (Math.Abs(x) > 0.5)
        {
            x /= 2;
            halvings++;
        }

        var term = 1.0;
        var sum = 1.0;
        for (var i = 1; i < 18; i++)
        {
            term = term * x / i;
            sum += term;
        }

        for (; halvings > 0; halvings--)
        {
            sum *= sum;
        }

        return sum;
    }
}
