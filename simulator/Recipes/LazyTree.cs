using Harness.Simulator.Content;
using Harness.Simulator.Volume;

namespace Harness.Simulator.Recipes;

/// <summary>A tree of a recipe whose entries are generated when somebody looks (<c>lazy: true</c>).</summary>
internal static class LazyTree
{
    /// <summary>How many sizes stand for a distribution.</summary>
    private const int SizesDrawn = 4096;

    /// <summary>The shape: directories down to the depth, as long as each is worth making, and files spread evenly.</summary>
    public static TreeShape ShapeOf(RecipeTree tree, ulong recipeSeed, ulong treeSeed) => new()
    {
        Files = tree.Files,
        Directories = DirectoriesOf(tree),
        FanOut = tree.FanOut,
        Sizes = SizesOf(tree.Sizes, treeSeed),
        Content = tree.Content is { } content ? RecipeBuilder.ProfileOf(content, recipeSeed) : ContentProfile.Random,
        Attributes = tree.Attributes.File
            | (tree.Attributes.Storage.HasFlag(StreamFlags.Compressed) ? FileAttributes.Compressed : FileAttributes.None)
            | (tree.Attributes.Storage.HasFlag(StreamFlags.Sparse) ? FileAttributes.SparseFile : FileAttributes.None),
    };

    private static long DirectoriesOf(RecipeTree tree)
    {
        var most = (tree.Files / TreeBuilder.FilesPerDirectory) + 1;
        long all = 1;
        long level = 1;
        for (var depth = 0; depth < tree.Depth && all < most; depth++)
        {
            level = Math.Min(level * tree.FanOut, most);
            all = Math.Min(all + level, most);
        }

        return all;
    }

    private static IReadOnlyList<long> SizesOf(RecipeSizes sizes, ulong treeSeed)
    {
        if (sizes.Distribution is "list" or "fixed")
        {
            return sizes.Distribution == "list" ? sizes.Values : [sizes.Median];
        }

        var draw = new SizeDraw(sizes, Mix.Of(treeSeed, "sizes"));
        return [.. Enumerable.Range(0, SizesDrawn).Select(_ => draw.Next())];
    }
}
