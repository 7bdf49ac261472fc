using System.IO.Abstractions;
using Harness.Simulator.FileSystem;
using Harness.Simulator.Kernel;
using Harness.Simulator.Volume;
using Harness.Tests.Support;
using NUnit.Framework;

namespace Harness.Tests.FileSystem;

[TestFixture]
internal sealed class ReadmeExampleTests
{
    [Test]
    public void Example_OfTheReadme_RunsAndPrints()
    {
        using var output = new StringWriter { NewLine = "\n" };
        Run(output);

        Assert.That(
            output.ToString(),
            Is.EqualTo(
                "Changed C:\\logs\\app.log\n0x80070020 The process cannot access the file 'C:\\logs\\app.log' because it is being "
                + "used by another process.\n"));
    }

    [Test]
    public void Example_OfTheReadme_IsTheCodeBelow() => ReadmeExample.AssertIsIn("simulator/README.md");

    private static void Run(TextWriter output)
    {
        // begin
        var volume = new SimVolume(new VolumeSettings { CapacityBytes = 1 << 30 }, new SimClock());
        IFileSystem windows = new SimFileSystem(volume);
        windows.Directory.CreateDirectory(@"C:\logs");
        using var log = windows.File.Open(@"c:/LOGS/app.log", FileMode.Create, FileAccess.Write, FileShare.Read);
        using var watcher = windows.FileSystemWatcher.CreateNew(@"C:\logs");
        watcher.Changed += (_, e) => output.WriteLine($"{e.ChangeType} {e.FullPath}");
        watcher.EnableRaisingEvents = true;

        log.Write("started"u8); // Watchers are told before the call returns: no test has to wait.
        var error = Assert.Throws<IOException>(() => windows.File.Delete(@"C:\logs\app.log"));
        output.WriteLine($"0x{error.HResult:X8} {error.Message}");
        // end
    }
}
