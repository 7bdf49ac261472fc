using Harness.Engine.Local.Linux;
using Microsoft.Win32.SafeHandles;

namespace Harness.Engine.Local.Targets;

/// <summary>A rename that replaces nothing. In one step where the file system can do that; else after a look.</summary>
internal static class ExclusiveRename
{
    private const uint NoReplace = 1;

    /// <summary>Renames; 0, or the error number, EEXIST where something has the name.</summary>
    internal static int To(SafeFileHandle fromDirectory, string from, SafeFileHandle toDirectory, string to)
    {
        try
        {
            if (NativeMethods.RenameAt2(fromDirectory, from, toDirectory, to, NoReplace) == 0)
            {
                return 0;
            }

            if (Errno.Last is var errno and not (Errno.Invalid or Errno.NoSystemCall or Errno.NotSupported))
            {
                return errno;
            }
        }
        catch (EntryPointNotFoundException)
        {
            // A C library that does not have the call.
        }

        return FileStatus.TryGet(toDirectory, to, out _) ? Errno.Exists
            : NativeMethods.RenameAt(fromDirectory, from, toDirectory, to) == 0 ? 0
            : Errno.Last;
    }
}
