namespace Harness.Engine.Model;

/// <summary>The four times of an entry (MS-FSA 2.1.1.3). A source without one of them leaves it null.</summary>
/// <param name="Created">Creation (birth).</param>
/// <param name="Written">Last write of data.</param>
/// <param name="Changed">Last change of data or metadata (NTFS change time, POSIX ctime): not settable by programs.</param>
/// <param name="Accessed">Last access; never part of the comparison of two entries.</param>
public readonly record struct EntryTimes(Timestamp? Created, Timestamp? Written, Timestamp? Changed, Timestamp? Accessed);
