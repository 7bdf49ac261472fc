using System.Runtime.Versioning;
using System.Security.AccessControl;
using Harness.Engine.Model;
using Harness.Simulator.FileSystem.Errors;
using Harness.Simulator.FileSystem.Watching;

namespace Harness.Simulator.FileSystem.Entries;

/// <summary>
/// Access control lists, kept as the volume's self-relative descriptors. The types exist on Windows hosts only; elsewhere
/// every call throws PlatformNotSupportedException, as the runtime's own do. They are kept, not enforced.
/// </summary>
internal static class AccessControl
{
    [SupportedOSPlatform("windows")]
    public const AccessControlSections Default =
        AccessControlSections.Access | AccessControlSections.Owner | AccessControlSections.Group;

    public static void RequireWindows()
    {
        if (!OperatingSystem.IsWindows())
        {
            throw new PlatformNotSupportedException(
                "Access Control List (ACL) APIs are part of resource management on Windows and are not supported on this platform.");
        }
    }

    [SupportedOSPlatform("windows")]
    public static T Get<T>(SimFileSystem fileSystem, string fullPath, AccessControlSections sections, T security)
        where T : FileSystemSecurity
    {
        var bytes = fileSystem.Run(fullPath, follow: true, found =>
        {
            found.Require();
            var stored = found.Volume.Get(found.Path).Security;
            return stored.Kind == SecurityKind.Windows ? stored.Bytes.ToArray() : null;
        });
        if (bytes is not null)
        {
            security.SetSecurityDescriptorBinaryForm(bytes, sections);
        }

        return security;
    }

    public static void Set(SimFileSystem fileSystem, string fullPath, byte[] descriptor) =>
        fileSystem.Run(fullPath, follow: true, found =>
        {
            found.Require();
            WindowsErrors.Guard(
                found.Volume,
                fullPath,
                () => found.Volume.SetSecurity(found.Path, new EntrySecurity(SecurityKind.Windows, descriptor)));
            found.Session!.Publish(WatchNotice.Changed(found.Path, found.IsDirectory, NotifyFilters.Security));
        });
}
