using System.Runtime.InteropServices;

namespace Harness.Engine.Local.Linux;

/// <summary>Flags of open(2). Three of them have other values on arm64 than on x64.</summary>
internal static class OpenFlags
{
    internal const int ReadOnly = 0;
    internal const int WriteOnly = 1;
    internal const int ReadWrite = 2;
    internal const int Create = 0x40;
    internal const int Exclusive = 0x80;
    internal const int NonBlocking = 0x800;
    internal const int NoAccessTime = 0x40000;
    internal const int CloseOnExec = 0x80000;

    private static readonly bool IsArm = RuntimeInformation.ProcessArchitecture is Architecture.Arm64 or Architecture.Arm;

    internal static int Directory => IsArm ? 0x4000 : 0x10000;

    internal static int NoFollow => IsArm ? 0x8000 : 0x20000;

    /// <summary>O_TMPFILE: a file without a name; the path names its directory.</summary>
    internal static int Unnamed => 0x400000 | Directory;
}
