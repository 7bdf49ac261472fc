using Harness.Engine.Errors;
using Harness.Engine.Local.Windows;
using Harness.Tests.Support;
using NUnit.Framework;

namespace Harness.Tests.Local;

[TestFixture]
[Platform(Exclude = "Win", Reason = "Says what happens elsewhere.")]
public sealed class WindowsDirectorySourceTests
{
    [Test]
    public async Task Describe_NotOnWindows_SaysSo()
    {
        var source = new WindowsDirectorySource(Path.GetTempPath(), TimeProvider.System);

        var error = await BackupErrors.ExpectAsync(
            ErrorCode.PlatformUnsupported, async () => await source.DescribeAsync(CancellationToken.None));

        Assert.That(error.Remedy, Does.Contain("LinuxDirectorySource"));
    }
}
