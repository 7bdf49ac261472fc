namespace Harness.Simulator.Volume;

/// <summary>The children of one directory of a generated tree: a formula, not a list.</summary>
/// <param name="Tree">The tree.</param>
/// <param name="Number">The directory, 0 for the top.</param>
internal sealed record GeneratedDirectory(GeneratedTree Tree, long Number)
{
    public int Count => Tree.Numbers.ChildrenOf(Number) + Tree.Numbers.FilesIn(Number);

    /// <summary>All children in the order of their names: directories, then files.</summary>
    public DirectoryItem[] Items()
    {
        var items = new DirectoryItem[Count];
        var directories = Tree.Numbers.ChildrenOf(Number);
        for (var i = 0; i < items.Length; i++)
        {
            items[i] = Tree.ItemAt(i < directories
                ? Tree.IndexOfDirectory(Tree.Numbers.FirstChild(Number) + i)
                : Tree.IndexOfFile(Tree.Numbers.FirstFile(Number) + i - directories));
        }

        return items;
    }

    /// <summary>The child of a name; null when there is none.</summary>
    public DirectoryItem? Find(ReadOnlySpan<char> key, bool fold)
    {
        if (Tree.Find(key, fold) is not var (isDirectory, number))
        {
            return null;
        }

        var numbers = Tree.Numbers;
        var isHere = isDirectory ? numbers.ParentOf(number) == Number : numbers.DirectoryOf(number) == Number;
        return !isHere ? null : Tree.ItemAt(isDirectory ? Tree.IndexOfDirectory(number) : Tree.IndexOfFile(number));
    }
}
