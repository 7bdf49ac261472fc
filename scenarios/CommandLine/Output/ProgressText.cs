namespace Harness.Scenarios.CommandLine.Output;

/// <summary>How far a phase is, in words.</summary>
internal static class ProgressText
{
    /// <summary>Such as "1.5 GiB of 3.0 GiB, 1,234 files".</summary>
    public static string Of(long doneBytes, long totalBytes, long doneFiles) =>
        totalBytes > 0
            ? $"{Sizes.Text(doneBytes)} of {Sizes.Text(totalBytes)}, {Sizes.Count(doneFiles, "file")}"
            : $"{Sizes.Text(doneBytes)}, {Sizes.Count(doneFiles, "file")}";
}
