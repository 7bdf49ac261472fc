using Harness.Engine.Errors;
using Harness.Engine.Model;
using Harness.Simulator.FileSystem;
using Harness.Simulator.Journal;
using Harness.Simulator.Kernel;
using Harness.Simulator.Volume;
using NUnit.Framework;

namespace Harness.Tests.Simulator;

/// <summary>Object ids, extended attributes and the case rule of directories.</summary>
[TestFixture]
public sealed class RareMetadataTests
{
    private SimVolume _volume = null!;

    [SetUp]
    public void MakeVolume()
    {
        _volume = new SimVolume(new VolumeSettings(), new SimClock());
        _volume.CreateFile("f", 10);
        _volume.CreateFile("g", 10);
        _volume.CreateDirectory("d");
        _volume.Journal.Create();
    }

    [Test]
    public void ObjectId_IsMadeOnceAndOpensTheFile()
    {
        var made = _volume.CreateOrGetObjectId("f");
        _volume.Rename("f", "d/renamed");

        Assert.That(_volume.CreateOrGetObjectId("d/renamed"), Is.EqualTo(made));
        Assert.That(made.BirthObjectId, Is.EqualTo(made.ObjectId));
        Assert.That(made.BirthVolumeId, Is.EqualTo(_volume.VolumeObjectId));
        Assert.That(_volume.FindByObjectId(made.ObjectId)!.Path, Is.EqualTo("d/renamed"));
        Assert.That(Reasons("d/renamed"), Does.Contain(UsnReason.ObjectIdChange));
        Assert.That(ObjectIdBuffer.Parse(made.ToBytes()), Is.EqualTo(made));
    }

    [Test]
    public void ObjectId_IsUniqueAndNotReplaced()
    {
        var id = new ObjectIdBuffer(Guid.Parse("00112233-4455-6677-8899-aabbccddeeff"));
        _volume.SetObjectId("f", id);

        Refused(() => _volume.SetObjectId("f", new ObjectIdBuffer(Guid.Parse("10112233-4455-6677-8899-aabbccddeeff"))), "COLLISION");
        Refused(() => _volume.SetObjectId("g", id), "DUPLICATE");
        Refused(() => _volume.SetObjectIdExtended("g", Guid.Empty, Guid.Empty), "no object id");
        _volume.Delete("f");
        _volume.SetObjectId("g", id);
        _volume.SetObjectIdExtended("g", id.ObjectId, id.ObjectId);

        Assert.That(_volume.FindByObjectId(id.ObjectId)!.Path, Is.EqualTo("g"));
        Assert.That(_volume.Get("g").ObjectId!.BirthVolumeId, Is.EqualTo(id.ObjectId));
    }

    [Test]
    public void ObjectId_InASnapshot_StaysWithItsFile()
    {
        var id = _volume.CreateOrGetObjectId("f").ObjectId;
        var before = _volume.TakeSnapshot();
        _volume.DeleteObjectId("f");
        _volume.DeleteObjectId("f");

        Assert.That(_volume.FindByObjectId(id), Is.Null);
        Assert.That(before.FindByObjectId(id)!.Path, Is.EqualTo("f"));
        Assert.That(Aspects(before, "f"), Is.EqualTo(VolumeChangeAspects.ObjectId | VolumeChangeAspects.Times));
    }

    [Test]
    public void ClearExtendedAttributes_TakesAllAwayAndLeavesTheSnapshot()
    {
        _volume.SetExtendedAttributes(
            "f", new ExtendedAttribute("COLOUR", new byte[] { 1 }), new ExtendedAttribute("SIZE", new byte[] { 2 }));
        var before = _volume.TakeSnapshot();

        _volume.ClearExtendedAttributes("f");

        Assert.That(_volume.Get("f").ExtendedAttributes, Is.Empty);
        Assert.That(before.Get("f").ExtendedAttributes, Has.Count.EqualTo(2));
    }

    [Test]
    public void ExtendedAttributes_AreKeptUpperCaseAndReplacedByName()
    {
        var before = _volume.TakeSnapshot();
        _volume.SetExtendedAttributes(
            "f", new ExtendedAttribute("Colour", new byte[] { 1, 2 }), new ExtendedAttribute("A", new byte[] { 3 }, IsNeeded: true));
        _volume.SetExtendedAttributes("f", new ExtendedAttribute("COLOUR", new byte[] { 9 }));

        Assert.That(_volume.Get("f").ExtendedAttributes, Is.EqualTo(new[]
        {
            new ExtendedAttribute("A", new byte[] { 3 }, IsNeeded: true), new ExtendedAttribute("COLOUR", new byte[] { 9 }),
        }));
        Assert.That(before.Get("f").ExtendedAttributes, Is.Empty);
        Assert.That(Aspects(before, "f"), Is.EqualTo(VolumeChangeAspects.ExtendedAttributes | VolumeChangeAspects.Times));
        Assert.That(Reasons("f"), Does.Contain(UsnReason.EaChange));
        var list = ExtendedAttributes.ToList(_volume.Get("f").ExtendedAttributes);
        Assert.That(ExtendedAttributes.FromList(list), Is.EqualTo(_volume.Get("f").ExtendedAttributes));

        _volume.SetExtendedAttributes("f", new ExtendedAttribute("colour", default), new ExtendedAttribute("a", default));
        Assert.That(_volume.Get("f").ExtendedAttributes, Is.Empty);
    }

    [TestCase("", 1, "1 to 255")]
    [TestCase("a*b", 1, "no name")]
    [TestCase("é", 1, "no name")]
    [TestCase("BIG", 65536, "65535 are the most")]
    [TestCase("BIG", 65528, "EA_TOO_LARGE")]
    public void ExtendedAttributes_ThatAreInvalid_AreRefusedWhole(string name, int valueBytes, string rule)
    {
        Refused(
            () => _volume.SetExtendedAttributes(
                "f", new ExtendedAttribute("FINE", new byte[] { 1 }), new ExtendedAttribute(name, new byte[valueBytes])),
            rule);

        Assert.That(_volume.Get("f").ExtendedAttributes, Is.Empty);
    }

    [Test]
    public void ExtendedAttributes_OfALongestName_AreKept()
    {
        _volume.SetExtendedAttributes("f", new ExtendedAttribute(new string('N', 255), new byte[] { 1 }));

        Assert.That(_volume.Get("f").ExtendedAttributes[0].Name, Has.Length.EqualTo(255));
    }

    [Test]
    public void CaseSensitiveDirectory_TellsNamesApartAndIsInherited()
    {
        _volume.CreateFile("d/readme");
        var before = _volume.TakeSnapshot();
        _volume.SetCaseSensitive("d");
        _volume.CreateFile("d/README");
        _volume.CreateDirectory("d/sub");
        _volume.CreateFile("d/sub/a");
        _volume.CreateFile("d/sub/A");
        Refused(() => _volume.CreateFile("F"), "case only");

        Assert.That(_volume.List("d").Select(entry => entry.Name), Is.EqualTo(new[] { "README", "readme", "sub" }));
        Assert.That(_volume.Get("d").IsCaseSensitive, Is.True);
        Assert.That(_volume.Find("d/ReadMe"), Is.Null);
        Assert.That(_volume.Find("D/README"), Is.Not.Null, "the name of the directory itself follows the one above");
        Assert.That(before.Find("d/ReadMe"), Is.Not.Null);
        Assert.That(Aspects(before, "d") & VolumeChangeAspects.CaseSensitivity, Is.Not.EqualTo(VolumeChangeAspects.None));
        var windows = new SimFileSystem(_volume);
        Assert.That(windows.File.Exists(@"C:\d\sub\A"), Is.True);
        Assert.That(windows.Directory.GetFiles(@"C:\d"), Has.Length.EqualTo(2));
        windows.File.WriteAllText(@"C:\d\sub\A", "upper");
        Assert.That(windows.FileInfo.FromFileName(@"C:\d\sub\a").Length, Is.Zero);
    }

    [Test]
    public void CaseSensitiveDirectory_WithNamesThatDifferInCase_StaysOne()
    {
        _volume.SetCaseSensitive("d");
        _volume.CreateFile("d/a");
        _volume.CreateFile("d/A");

        Refused(() => _volume.SetCaseSensitive("d", false), "CASE_DIFFERING");
        Refused(() => _volume.SetCaseSensitive("f"), "only a directory");
        _volume.Delete("d/A");
        _volume.SetCaseSensitive("d", false);

        Assert.That(_volume.Find("d/A")!.Name, Is.EqualTo("a"));
    }

    [TestCase(FileSystemKind.Refs, "ReFS")]
    [TestCase(FileSystemKind.Fat, "FAT32")]
    public void OtherFileSystems_HaveNoneOfThem(FileSystemKind kind, string name)
    {
        var volume = new SimVolume(new VolumeSettings { FileSystem = kind }, new SimClock());
        volume.CreateFile("f");

        Refused(() => volume.CreateOrGetObjectId("f"), $"{name} has no object ids");
        Refused(() => volume.SetExtendedAttributes("f", new ExtendedAttribute("A", new byte[1])), $"{name} has no extended attributes");
        Refused(() => volume.SetCaseSensitive(""), $"{name} has no case-sensitive directories");
        Refused(() => volume.SetShortName("f", "G"), $"{name} has no short names");
    }

    private VolumeChangeAspects Aspects(VolumeSnapshot before, string path) =>
        before.DiffTo(_volume).Changes.Single(change => change.Reference == _volume.Get(path).Reference).Aspects;

    private IEnumerable<UsnReason> Reasons(string path)
    {
        var reference = _volume.Get(path).Reference;
        return _volume.Journal.Read(new JournalQuery { JournalId = _volume.Journal.Query().JournalId }).Records
            .Where(record => record.File == reference).Select(record => record.Reason);
    }

    private static void Refused(Action action, string rule)
    {
        var error = Assert.Throws<BackupException>(() => action());
        Assert.That(error!.Code, Is.EqualTo(ErrorCode.VolumeOperationInvalid));
        Assert.That(error.Message, Does.Contain(rule));
    }
}
