using Harness.Engine.Errors;

namespace Harness.Engine.Restore;

/// <summary>One file on its way to the target: what it is, and what is known of it before it is there. Logical thread only.</summary>
/// <param name="plan">The file.</param>
/// <param name="path">Where it goes.</param>
internal sealed class FileJob(FilePlan plan, string path)
{
    public FilePlan Plan { get; } = plan;

    public string Path { get; } = path;

    /// <summary>Bytes of data that it has, holes not counted.</summary>
    public long WrittenBytes { get; set; }

    /// <summary>Of those, what the target held already.</summary>
    public long ReusedBytes { get; set; }

    /// <summary>Segments that must stay in memory until it is written.</summary>
    public List<GroupSlot> Slots { get; } = [];
}

/// <summary>How a file ended.</summary>
/// <param name="Job">The file.</param>
/// <param name="Notes">What the target cannot express.</param>
/// <param name="Identity">What it is in the target; null when nobody asked yet.</param>
/// <param name="IsTaken">Whether something else had its name.</param>
/// <param name="Error">Why it is not there.</param>
internal readonly record struct FileOutcome(
    FileJob Job, IReadOnlyList<string> Notes, UInt128? Identity, bool IsTaken, BackupException? Error);
