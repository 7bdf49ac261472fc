namespace Harness.Simulator.Volume;

/// <summary>
/// The arithmetic of a regular tree: directories numbered breadth first from 0, the top; files numbered along the
/// directories. Every relation is a formula, so nothing has to be kept.
/// </summary>
/// <param name="Files">Files of the tree.</param>
/// <param name="Directories">Directories with the top.</param>
/// <param name="FanOut">Directories in one directory.</param>
internal readonly record struct TreeNumbers(long Files, long Directories, int FanOut)
{
    public long ParentOf(long directory) => (directory - 1) / FanOut;

    /// <summary>The directory that holds a file.</summary>
    public long DirectoryOf(long file)
    {
        var (each, more) = Math.DivRem(Files, Directories);
        var inFuller = more * (each + 1);
        return file < inFuller ? file / (each + 1) : more + ((file - inFuller) / each);
    }

    /// <summary>The first file of a directory, or of the next one that has any.</summary>
    public long FirstFile(long directory)
    {
        var (each, more) = Math.DivRem(Files, Directories);
        return (directory * each) + Math.Min(directory, more);
    }

    public int FilesIn(long directory) => checked((int)(FirstFile(directory + 1) - FirstFile(directory)));

    /// <summary>The first directory in a directory; <see cref="Directories"/> or more when there is none.</summary>
    public long FirstChild(long directory) => (directory * FanOut) + 1;

    public int ChildrenOf(long directory) => (int)Math.Clamp(Directories - FirstChild(directory), 0, FanOut);

    /// <summary>The directories below one, level by level: each level is one range.</summary>
    public IEnumerable<(long From, long To)> LevelsBelow(long directory)
    {
        var from = directory;
        var to = directory + 1;
        while (true)
        {
            from = FirstChild(from);
            to = Math.Min(FirstChild(to), Directories);
            if (from >= to)
            {
                yield break;
            }

            yield return (from, to);
        }
    }
}
