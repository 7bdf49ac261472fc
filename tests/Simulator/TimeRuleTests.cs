using Harness.Engine.Model;
using Harness.Simulator.FileSystem;
using Harness.Simulator.Kernel;
using Harness.Simulator.Volume;
using NUnit.Framework;

namespace Harness.Tests.Simulator;

[TestFixture]
public sealed class TimeRuleTests
{
    private SimClock _clock = null!;
    private SimVolume _volume = null!;

    [SetUp]
    public void MakeVolume() => Make(new VolumeSettings { MakesShortNames = true });

    [Test]
    public void Name_ThatIsDeletedAndMadeAgain_KeepsItsCreationTime()
    {
        _volume.CreateFile("a long document.text");
        _volume.SetShortName("a long document.text", "MINE.TXT");
        var id = _volume.CreateOrGetObjectId("a long document.text");
        var created = Created("a long document.text");

        _clock.Advance(TimeSpan.FromSeconds(10));
        _volume.Delete("a long document.text");
        _clock.Advance(TimeSpan.FromSeconds(15));
        _volume.CreateFile("A Long Document.text");

        Assert.That(Created("A Long Document.text"), Is.EqualTo(created));
        Assert.That(_volume.Get("MINE.TXT").Name, Is.EqualTo("A Long Document.text"));
        Assert.That(_volume.FindByObjectId(id.ObjectId)!.Name, Is.EqualTo("A Long Document.text"));
    }

    [Test]
    public void SafeSave_ByRename_KeepsTheCreationTime()
    {
        _volume.CreateFile("document");
        var created = Created("document");
        _clock.Advance(TimeSpan.FromHours(1));
        _volume.CreateFile("document.tmp");
        _volume.Rename("document", "document.old");
        _volume.Rename("document.tmp", "document");

        Assert.That(Created("document"), Is.EqualTo(created));
        Assert.That(Created("document.old"), Is.EqualTo(created));
    }

    [TestCase(16, 15)]
    [TestCase(0, 0)]
    public void Name_AfterItsTime_IsNew(int waitSeconds, int tunnelSeconds)
    {
        Make(new VolumeSettings { TunnelSeconds = tunnelSeconds });
        _volume.CreateFile("f");
        var created = Created("f");
        _clock.Advance(TimeSpan.FromSeconds(30));
        _volume.Delete("f");
        _clock.Advance(TimeSpan.FromSeconds(waitSeconds));
        _volume.CreateFile("f");

        Assert.That(Created("f"), Is.GreaterThan(created));
    }

    [Test]
    public void Directories_AndOtherDirectories_AreNotTunnelled()
    {
        _volume.CreateDirectory("d");
        _volume.CreateFile("f");
        var created = Created("d");
        _clock.Advance(TimeSpan.FromSeconds(1));
        _volume.Delete("d");
        _volume.CreateDirectory("d");
        _volume.Delete("f");
        _volume.CreateFile("d/f");

        Assert.That(Created("d"), Is.GreaterThan(created));
        Assert.That(Created("d/f"), Is.GreaterThan(created));
    }

    [TestCase(true)]
    [TestCase(false)]
    public void LastAccess_FollowsTheSetting(bool updates)
    {
        Make(new VolumeSettings { UpdatesLastAccess = updates });
        _volume.CreateFile("f", 10);
        var before = _volume.Get("f").Times;
        _clock.Advance(TimeSpan.FromHours(2));

        new SimFileSystem(_volume).File.ReadAllBytes(@"C:\f");

        var after = _volume.Get("f").Times;
        Assert.That(after.Accessed!.Value > before.Accessed!.Value, Is.EqualTo(updates));
        Assert.That(after.Changed, Is.EqualTo(before.Changed));
    }

    // MS-FSA 2.1.4.17 and the operations' own clauses: which of created, written, changed, accessed move.
    [TestCase("write", "f", "WCA")]
    [TestCase("write", "d", "")]
    [TestCase("stream", "f", "WCA")]
    [TestCase("link", "f", "C")]
    [TestCase("link", "d", "WCA")]
    [TestCase("rename", "f", "C")]
    [TestCase("rename", "d", "WCA")]
    [TestCase("attributes", "f", "C")]
    [TestCase("security", "f", "C")]
    [TestCase("times", "f", "C")]
    public void Operation_MovesTheTimesOfTheDocuments(string operation, string of, string expected)
    {
        _volume.CreateDirectory("d");
        _volume.CreateFile("d/f", 10);
        var reference = _volume.Get(of == "f" ? "d/f" : "d").Reference;
        var before = _volume.Find(reference)!.Times;
        _clock.Advance(TimeSpan.FromHours(1));
        switch (operation)
        {
            case "write":
                _volume.Write("d/f", 0, [1]);
                break;
            case "stream":
                _volume.Write("d/f:s", 0, [1]);
                break;
            case "link":
                _volume.CreateHardLink("d/g", "d/f");
                break;
            case "rename":
                _volume.Rename("d/f", "d/g");
                break;
            case "attributes":
                _volume.SetAttributes("d/f", FileAttributes.Hidden);
                break;
            case "security":
                _volume.SetSecurity("d/f", EntrySecurity.FromPosix(0x1A4, 0, 0));
                break;
            default:
                _volume.SetTimes("d/f", new EntryTimes(before.Created, null, null, null));
                break;
        }

        var after = _volume.Find(reference)!.Times;
        var moved = (after.Created != before.Created ? "N" : "") + (after.Written != before.Written ? "W" : "")
            + (after.Changed != before.Changed ? "C" : "") + (after.Accessed != before.Accessed ? "A" : "");
        Assert.That(moved, Is.EqualTo(expected));
    }

    private DateTimeOffset Created(string path) => _volume.Get(path).Times.Created!.Value.ToDateTimeOffset();

    private void Make(VolumeSettings settings)
    {
        _clock = new SimClock();
        _volume = new SimVolume(settings, _clock);
    }
}
