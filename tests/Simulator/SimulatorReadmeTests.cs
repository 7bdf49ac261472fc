using Harness.Simulator.Kernel;
using Harness.Simulator.Volume;
using Harness.Tests.Support;
using NUnit.Framework;

namespace Harness.Tests.Simulator;

[TestFixture]
public sealed class SimulatorReadmeTests
{
    [Test]
    public void Example_OfTheReadme_RunsAndPrintsTheChange()
    {
        using var output = new StringWriter();
        Run(output);

        Assert.That(output.ToString().Trim(), Is.EqualTo("Changed data/disk.vhd: ByteRange { Offset = 9663676416, Length = 3, End = 9663676419 }"));
    }

    [Test]
    public void Example_OfTheReadme_IsTheCodeBelow() => ReadmeExample.AssertIsIn("simulator/README.md");

    private static void Run(TextWriter output)
    {
        // begin
        var clock = new SimClock();
        var volume = new SimVolume(new VolumeSettings { Label = "demo", Seed = 7 }, clock);
        volume.CreateDirectories("data/logs");
        volume.CreateFile("data/disk.vhd");
        volume.SetSparse("data/disk.vhd");
        volume.SetEndOfFile("data/disk.vhd", 1L << 40);
        volume.WriteGenerated("data/disk.vhd", 5L << 30, 1 << 20, seed: 1);
        volume.CreateFile("data/secret.doc", 100_000);
        volume.Encrypt("data/secret.doc");
        volume.CreateHardLink("data/also.doc", "data/secret.doc");
        volume.CreateDirectory("link");
        volume.SetReparsePoint("link", ReparseTags.MountPoint, ReparseTags.DataFor(ReparseTags.MountPoint, @"\??\C:\data"));

        var snapshot = volume.TakeSnapshot();
        volume.Write("data/disk.vhd", 9L << 30, [1, 2, 3]);

        foreach (var change in snapshot.DiffTo(volume).Changes)
        {
            var ranges = change.Streams.SelectMany(stream => stream.DirtyRanges);
            output.WriteLine($"{change.Kind} {volume.Find(change.Reference)?.Path}: {string.Join(", ", ranges)}");
        }
        // end
    }
}
