using Harness.Engine.Errors;
using Harness.Simulator.FileSystem;
using Harness.Simulator.Journal;
using Harness.Simulator.Kernel;
using Harness.Simulator.Volume;
using NUnit.Framework;

namespace Harness.Tests.Simulator;

[TestFixture]
public sealed class ShortNameTests
{
    private SimVolume _volume = null!;

    [SetUp]
    public void MakeVolume() => _volume = new SimVolume(new VolumeSettings { MakesShortNames = true }, new SimClock());

    // KB 142982 has the third and fourth; the last is T. Galvin's.
    [TestCase("Long File Name.document", "LONGFI~1.DOC")]
    [TestCase("5+6 June Report.doc", "5_6JUN~1.DOC")]
    [TestCase("This is a really long filename.123.456.789.TXT", "THISIS~1.TXT")]
    [TestCase("This is a really long filename.123.456.789.", "THISIS~1.789")]
    [TestCase(".gitignore", "GITIGN~1")]
    [TestCase("a.testing.file.bat", "ATESTI~1.BAT")]
    [TestCase("folder name", "FOLDER~1")]
    public void Candidates_FirstOne_IsThatOfWindows(string name, string expected)
    {
        Assert.That(ShortNames.Candidates(name).First(), Is.EqualTo(expected));
    }

    [Test]
    public void Candidates_AfterTheFourth_CarryTheChecksum()
    {
        var names = ShortNames.Candidates("SomeStuff.aspx").Take(6).ToArray();

        Assert.That(names, Is.EqualTo(new[]
        {
            "SOMEST~1.ASP", "SOMEST~2.ASP", "SOMEST~3.ASP", "SOMEST~4.ASP", "SOBC84~1.ASP", "SOBC84~2.ASP",
        }));
    }

    [TestCase("README.TXT", true)]
    [TestCase("readme.txt", true)]
    [TestCase("A", true)]
    [TestCase("NINELETTE", false)]
    [TestCase("a.html", false)]
    [TestCase("a b.txt", false)]
    [TestCase("a+b.txt", false)]
    [TestCase("a.b.c", false)]
    [TestCase("a.", false)]
    [TestCase(".a", false)]
    [TestCase("é.txt", false)]
    public void IsLegal_FollowsTheRulesOfDos(string name, bool expected)
    {
        Assert.That(ShortNames.IsLegal(name), Is.EqualTo(expected));
    }

    [Test]
    public void Names_ThatCollide_AreNumbered()
    {
        foreach (var number in Enumerable.Range(1, 6))
        {
            _volume.CreateFile($"Long name {number}.txt");
        }

        _volume.CreateFile("plain.txt");

        var names = _volume.List("").Select(entry => entry.ShortName).ToArray();
        Assert.That(names.Take(4), Is.EqualTo(new[] { "LONGNA~1.TXT", "LONGNA~2.TXT", "LONGNA~3.TXT", "LONGNA~4.TXT" }));
        Assert.That(names.Skip(4).Take(2), Is.All.Match("^LO[0-9A-F]{4}~1\\.TXT$"));
        Assert.That(names[^1], Is.Null);
        Assert.That(_volume.Get("plain.txt").Namespace, Is.EqualTo(LinkNamespace.Win32AndDos));
    }

    [Test]
    public void Lookup_ByShortName_FindsTheFileOnThePathToo()
    {
        _volume.CreateDirectory("Program Files");
        _volume.CreateFile("Program Files/Some Document.html", 10);

        var found = _volume.Get("progra~1/SOMEDO~1.HTM");

        Assert.That(found.Path, Is.EqualTo("Program Files/Some Document.html"));
        Assert.That(found.Namespace, Is.EqualTo(LinkNamespace.Win32));
        Refused(() => _volume.CreateFile("PROGRA~1"), "short name of 'Program Files'");
        var windows = new SimFileSystem(_volume);
        Assert.That(windows.File.Exists(@"C:\PROGRA~1\SOMEDO~1.HTM"), Is.True);
        windows.File.Delete(@"C:\PROGRA~1\SOMEDO~1.HTM");
        Assert.That(_volume.FileCount, Is.Zero);
    }

    [Test]
    public void ShortName_GoesWithItsLink()
    {
        _volume.CreateFile("first long name.txt");
        _volume.CreateHardLink("another long name.txt", "first long name.txt");
        var reference = _volume.Get("first long name.txt").Reference;
        Assert.That(_volume.LinksOf(reference).Select(link => (link.Path, link.Namespace)), Is.EqualTo(new[]
        {
            ("first long name.txt", LinkNamespace.Win32),
            ("FIRSTL~1.TXT", LinkNamespace.Dos),
            ("another long name.txt", LinkNamespace.Posix),
        }));
        Refused(() => _volume.SetShortName("another long name.txt", "ANOTHER.TXT"), "further hard link");

        _volume.Delete("FIRSTL~1.TXT");

        Assert.That(_volume.Find("first long name.txt"), Is.Null);
        Assert.That(_volume.Find("FIRSTL~1.TXT"), Is.Null);
        Assert.That(_volume.LinksOf(reference), Is.EqualTo(new[] { new VolumeLink("another long name.txt", LinkNamespace.Posix) }));
    }

    [Test]
    public void Rename_MakesANewShortName()
    {
        _volume.CreateDirectory("d");
        _volume.CreateFile("first long name.txt");
        _volume.Rename("first long name.txt", "d/second long name.txt");
        Assert.That(_volume.Get("d/SECOND~1.TXT").Name, Is.EqualTo("second long name.txt"));
        Assert.That(_volume.Find("FIRSTL~1.TXT"), Is.Null);

        _volume.Rename("d/second long name.txt", "d/SECOND~1.TXT");

        Assert.That(_volume.Get("d/SECOND~1.TXT").ShortName, Is.Null);
        Assert.That(_volume.List("d").Count(), Is.EqualTo(1));
    }

    [Test]
    public void SetShortName_IsCheckedAndJournaledAndDiffed()
    {
        _volume.CreateFile("a long file.txt");
        _volume.CreateFile("b long file.txt");
        _volume.Journal.Create();
        var before = _volume.TakeSnapshot();

        Refused(() => _volume.SetShortName("a long file.txt", "not short.txt"), "no 8.3 name");
        Refused(() => _volume.SetShortName("a long file.txt", "BLONGF~1.TXT"), "in use");
        Refused(() => new SimVolume(new VolumeSettings(), new SimClock()).SetShortName("", "A"), "root");
        _volume.SetShortName("a long file.txt", "mine.txt");
        _volume.RemoveShortName("b long file.txt");

        Assert.That(_volume.Get("MINE.TXT").Path, Is.EqualTo("a long file.txt"));
        Assert.That(before.Get("ALONGF~1.TXT").ShortName, Is.EqualTo("ALONGF~1.TXT"));
        Assert.That(before.Find("MINE.TXT"), Is.Null);
        Assert.That(
            before.DiffTo(_volume).Changes.Count(
                change => (change.Aspects & VolumeChangeAspects.ShortName) != VolumeChangeAspects.None),
            Is.EqualTo(2));
        var records = _volume.Journal.Read(new JournalQuery { JournalId = _volume.Journal.Query().JournalId }).Records;
        Assert.That(
            records.Where(record => (record.Reason & UsnReason.Close) == UsnReason.None)
                .Select(record => (record.Reason, record.Name)),
            Is.EqualTo(new[]
            {
                (UsnReason.RenameOldName, "ALONGF~1.TXT"),
                (UsnReason.RenameNewName, "MINE.TXT"),
                (UsnReason.RenameOldName, "BLONGF~1.TXT"),
            }));
    }

    [Test]
    public void ShortNames_WhereTheyAreOff_CostNothingAndAreRefused()
    {
        var volume = new SimVolume(new VolumeSettings(), new SimClock());
        volume.CreateFile("a long file.txt");

        Assert.That(volume.Get("a long file.txt").ShortName, Is.Null);
        Refused(() => volume.SetShortName("a long file.txt", "A.TXT"), "NtfsDisable8dot3NameCreation");
    }

    [Test]
    public void ManyOperations_KeepShortNamesAndLongOnesApart()
    {
        var random = new Harness.Simulator.Content.SeededSequence(8);
        var names = Enumerable.Range(0, 40).Select(i => $"shared prefix {i % 20}{(i < 20 ? "" : " more")}.text").ToArray();
        for (var i = 0; i < 3000; i++)
        {
            var (from, to) = (names[random.Below(names.Length)], names[random.Below(names.Length)]);
            if (_volume.Find(from) is null)
            {
                _volume.CreateFile(from);
            }
            else if (_volume.Find(to) is not null)
            {
                _volume.Delete(from);
            }
            else if (i % 3 == 0)
            {
                _volume.CreateHardLink(to, from);
            }
            else
            {
                _volume.Rename(from, to);
            }

            if (i % 100 == 0)
            {
                _volume.TakeSnapshot();
            }
        }

        var shortNames = _volume.List("").Where(entry => entry.ShortName is not null).ToArray();
        Assert.That(shortNames, Is.Not.Empty);
        Assert.That(shortNames.Select(entry => entry.ShortName), Is.Unique);
        Assert.That(
            shortNames.Select(entry => _volume.Get(entry.ShortName ?? "").Path),
            Is.EqualTo(shortNames.Select(entry => entry.Path)));
    }

    private static void Refused(Action action, string rule)
    {
        var error = Assert.Throws<BackupException>(() => action());
        Assert.That(error!.Code, Is.EqualTo(ErrorCode.VolumeOperationInvalid));
        Assert.That(error.Message, Does.Contain(rule));
    }
}
