using System.Runtime.CompilerServices;
using Harness.Simulator.Kernel;
using Harness.Simulator.Volume;
using NUnit.Framework;

namespace Harness.Tests.Simulator;

[TestFixture]
internal sealed class HandlesReadmeTests
{
    private const string Begin = "        // begin\n";
    private const string End = "        // end\n";

    [Test]
    public void Example_OfTheReadme_RunsAndPrints()
    {
        using var output = new StringWriter();
        Run(output);

        Assert.That(output.ToString().Trim(), Is.EqualTo("FileLockConflict, SharingViolation, 512 bytes of the snapshot"));
    }

    [Test]
    public void Example_OfTheReadme_IsTheCodeBelow()
    {
        var here = ThisFile();
        var readme = File.ReadAllText(Path.Combine(Path.GetDirectoryName(here)!, "..", "..", "simulator", "README.md"));
        var code = File.ReadAllText(here);
        var from = code.LastIndexOf(Begin, StringComparison.Ordinal) + Begin.Length;
        var to = code.LastIndexOf(End, StringComparison.Ordinal);
        var lines = code[from..to].Split('\n').Select(line => line.Length > 8 ? line[8..] : line.Trim());

        Assert.That(readme, Does.Contain($"```csharp\n{string.Join('\n', lines)}```"));
    }

    private static string ThisFile([CallerFilePath] string path = "") => path;

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
