namespace Harness.Simulator.Volume;

/// <summary>What a generated tree adds up to below one of its directories, as long as nothing there has changed.</summary>
/// <param name="Files">Files at any depth.</param>
/// <param name="Directories">Directories at any depth.</param>
/// <param name="LogicalBytes">Sum of the files' sizes.</param>
/// <param name="AllocatedBytes">Sum of the files' clusters.</param>
/// <param name="FileFlags">How every file is stored.</param>
internal sealed record GeneratedContents(
    long Files, long Directories, long LogicalBytes, long AllocatedBytes, StreamFlags FileFlags)
{
    /// <summary>The sums, from a few formulas for each level; null when something below was ever changed, or made otherwise.</summary>
    public static GeneratedContents? Below(VolumeView volume, VolumeEntry directory)
    {
        ref readonly var record = ref volume.Records.Get((uint)directory.Reference.Index);
        if (record.Extra?.Children?.Generated is not var (tree, top) || !tree.IsUntouchedBelow(volume.Records, top))
        {
            return null;
        }

        var contents = new GeneratedContents(0, 0, 0, 0, VolumeView.StreamFlagsOf(tree.FileAttributes)).With(tree, top, top + 1);
        foreach (var (from, to) in tree.Numbers.LevelsBelow(top))
        {
            contents = contents.With(tree, from, to) with { Directories = contents.Directories + (to - from) };
        }

        return contents;
    }

    private GeneratedContents With(GeneratedTree tree, long fromDirectory, long toDirectory)
    {
        var from = tree.Numbers.FirstFile(fromDirectory);
        var to = tree.Numbers.FirstFile(toDirectory);
        return this with
        {
            Files = Files + (to - from),
            LogicalBytes = LogicalBytes + tree.Sizes.Logical(from, to),
            AllocatedBytes = AllocatedBytes + tree.Sizes.Allocated(from, to),
        };
    }
}
