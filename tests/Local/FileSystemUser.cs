using System.Runtime.InteropServices;
using NUnit.Framework;

namespace Harness.Tests.Local;

/// <summary>
/// Runs an action on a thread whose file accesses are those of nobody, so that permissions bite when the tests run as root.
/// setfsuid is per thread in Linux, and the sources do all their work on the caller's thread.
/// </summary>
internal static class FileSystemUser
{
    private const uint Nobody = 65534;

    internal static T RunAsNobody<T>(Func<Task<T>> action)
    {
        T? result = default;
        Exception? failure = null;
        var thread = new Thread(() =>
        {
            _ = SetFileSystemGroup(Nobody);
            _ = SetFileSystemUser(Nobody);
            try
            {
                var task = action();

                // Otherwise the rest would run on a thread that still is root.
                Assert.That(task.IsCompleted, "The source left the calling thread.");
                result = task.GetAwaiter().GetResult();
            }
#pragma warning disable CA1031 // Carried over to the test's own thread and thrown there.
            catch (Exception error)
#pragma warning restore CA1031
            {
                failure = error;
            }
        });
        thread.Start();
        thread.Join();
        return failure is null ? result! : throw failure;
    }

    [DllImport("libc", EntryPoint = "setfsuid")]
    private static extern int SetFileSystemUser(uint user);

    [DllImport("libc", EntryPoint = "setfsgid")]
    private static extern int SetFileSystemGroup(uint group);
}
