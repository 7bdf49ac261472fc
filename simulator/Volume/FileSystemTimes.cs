using Harness.Engine.Model;

namespace Harness.Simulator.Volume;

/// <summary>
/// The times that a file system keeps ("File Times", Win32 docs): NTFS and ReFS four to 100 ns; FAT three, the creation to 10 ms,
/// the write to 2 s (rounded up, as the driver does) and of the access only the day; exFAT creation and write to 10 ms, the
/// access to 2 s. FAT32 keeps local time; here that is UTC.
/// </summary>
internal static class FileSystemTimes
{
    private const long TenMilliseconds = 100_000;
    private const long TwoSeconds = 20_000_000;
    private const long Day = 864_000_000_000;

    /// <summary>A record's times as FILETIMEs, the change time only where there is one.</summary>
    public static (long Created, long Written, long? Changed, long Accessed) Of(
        VolumeSettings settings, ref readonly FileRecord record) => settings.FileSystem != FileSystemKind.Fat
            ? (record.Created, record.Written, record.Changed, record.Accessed)
            : settings.IsExFat
                ? (Down(record.Created, TenMilliseconds), Down(record.Written, TenMilliseconds), null,
                    Down(record.Accessed, TwoSeconds))
                : (Down(record.Created, TenMilliseconds), Down(record.Written + TwoSeconds - 1, TwoSeconds), null,
                    Down(record.Accessed, Day));

    private static long Down(long time, long unit) => time - (((time % unit) + unit) % unit);
}
