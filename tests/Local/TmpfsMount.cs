using NUnit.Framework;

namespace Harness.Tests.Local;

/// <summary>A small memory file system for one test. Needs root; otherwise the test is ignored.</summary>
internal sealed class TmpfsMount : IDisposable
{
    private readonly TempDirectory _temp;

    private TmpfsMount(TempDirectory temp) => _temp = temp;

    internal string Path => _temp.At("mnt");

    /// <summary>Mounts it with a size and further options such as <c>ro</c>.</summary>
    internal static TmpfsMount Create(string size, string options = "")
    {
        RequireRoot();
        var temp = new TempDirectory();
        temp.Shell($"mkdir mnt; mount -t tmpfs -o size={size}{(options.Length > 0 ? "," + options : "")} harness-test mnt");
        return new TmpfsMount(temp);
    }

    internal static void RequireRoot()
    {
        if (Environment.IsPrivilegedProcess)
        {
            return;
        }

        if (Environment.GetEnvironmentVariable("HARNESS_REQUIRE_SYSTEM") == "1")
        {
            Assert.Fail("Root is required here to mount.");
        }

        Assert.Ignore("Needs root to mount.");
    }

    internal void Shell(string script) => _temp.Shell(script);

    public void Dispose()
    {
        _temp.Shell("umount -l mnt");
        _temp.Dispose();
    }
}
