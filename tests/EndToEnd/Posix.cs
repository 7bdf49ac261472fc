using System.Runtime.Versioning;
using Harness.Engine.Local.Linux;
using NUnit.Framework;

namespace Harness.Tests.EndToEnd;

/// <summary>What a real tree holds and .NET cannot make.</summary>
[SupportedOSPlatform("linux")]
internal static unsafe class Posix
{
    /// <summary>Sets the time of last write to the nanosecond, without following a link.</summary>
    internal static void SetModified(string path, long seconds, long nanoseconds)
    {
        using var handle = LinuxFile.TryOpen(
            NativeMethods.AtCurrent, path, OpenFlags.ReadOnly | OpenFlags.NoFollow | OpenFlags.NonBlocking);
        Assert.That(handle, Is.Not.Null, path);
        var times = stackalloc NativeMethods.TimeSpec[2];
        times[0] = new NativeMethods.TimeSpec { Nanoseconds = NativeMethods.TimeSpec.Omit };
        times[1] = new NativeMethods.TimeSpec { Seconds = seconds, Nanoseconds = nanoseconds };
        Assert.That(NativeMethods.FUTimeNs(handle!, times), Is.Zero, path);
    }

    /// <summary>Sets the owner, where this user may.</summary>
    internal static void SetOwner(string path, uint user, uint group)
    {
        if (!Environment.IsPrivilegedProcess)
        {
            return;
        }

        using var handle = LinuxFile.TryOpen(
            NativeMethods.AtCurrent, path, OpenFlags.ReadOnly | OpenFlags.NoFollow | OpenFlags.NonBlocking);
        Assert.That(NativeMethods.FChOwn(handle!, user, group), Is.Zero, path);
    }
}
