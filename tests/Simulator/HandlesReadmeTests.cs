using Harness.Simulator.Kernel;
using Harness.Simulator.Volume;
using Harness.Tests.Support;
using NUnit.Framework;

namespace Harness.Tests.Simulator;

[TestFixture]
internal sealed class HandlesReadmeTests
{
    [Test]
    public void Example_OfTheReadme_RunsAndPrints()
    {
        using var output = new StringWriter();
        Run(output);

        Assert.That(output.ToString().Trim(), Is.EqualTo("FileLockConflict, SharingViolation, 512 bytes of the snapshot"));
    }

    [Test]
    public void Example_OfTheReadme_IsTheCodeBelow() => ReadmeExample.AssertIsIn("simulator/README.md");

    private static void Run(TextWriter output)
    {
        // begin
        var volume = new SimVolume(new VolumeSettings { Label = "held" }, new SimClock());
        volume.CreateFile("mail.pst", 1 << 20);
        using var mail = volume.Open("mail.pst", FileAccess.ReadWrite, FileShare.Read);
        using var reader = volume.Open("mail.pst", FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        mail.Lock(0, 4096);
        mail.Write(0, [1, 2, 3]);

        var locked = Assert.Throws<VolumeStatusException>(() => reader.Read(0, new byte[512]));
        var held = Assert.Throws<VolumeStatusException>(() => volume.Delete("mail.pst"));
        var snapshot = volume.TakeSnapshot();
        output.WriteLine($"{locked.Status}, {held.Status}, {snapshot.Read("mail.pst", 0, new byte[512])} bytes of the snapshot");
        // end
    }
}
