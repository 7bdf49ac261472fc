using Harness.Engine.Model;
using Harness.Simulator.Journal;
using Harness.Simulator.Kernel;
using Harness.Simulator.Volume;
using NUnit.Framework;

namespace Harness.Tests.Journal;

/// <summary>Which records an operation writes (MS-FSCC 2.3.62.2).</summary>
[TestFixture]
public sealed class JournalSeriesTests
{
    private const UsnReason Close = UsnReason.Close;

    private SimVolume _volume = null!;
    private ulong _id;
    private long _seen;

    [SetUp]
    public void SetUp()
    {
        _volume = new SimVolume(new VolumeSettings(), new SimClock());
        _volume.CreateDirectories("a/b");
        _volume.CreateFile("a/f", 1000);
        _volume.CreateFile("a/long name.txt", 10);
        _id = _volume.Journal.Create();
        _seen = 0;
    }

    [Test]
    public void Creation_OfAFileWithData_CreatesExtendsAndCloses()
    {
        _volume.CreateFile("a/new", 10);
        _volume.CreateDirectory("a/dir");

        Assert.That(Reasons(), Is.EqualTo(
            [
                UsnReason.FileCreate,
                UsnReason.FileCreate | UsnReason.DataExtend,
                UsnReason.FileCreate | UsnReason.DataExtend | Close,
                UsnReason.FileCreate,
                UsnReason.FileCreate | Close,
            ]));
    }

    [Test]
    public void Records_CarryWhatTheyDescribe()
    {
        _volume.Write("a/f", 0, [1]);

        var record = New()[^1];
        var file = _volume.Get("a/f");
        Assert.That(record.File, Is.EqualTo(file.Reference));
        Assert.That(record.Parent, Is.EqualTo(_volume.Get("a").Reference));
        Assert.That(record.Name, Is.EqualTo("f"));
        Assert.That(record.Attributes, Is.EqualTo(FileAttributes.Archive));
        Assert.That(record.TimeStamp, Is.EqualTo(file.Times.Written!.Value.ToFileTime()));
        Assert.That(record.SourceInfo, Is.EqualTo(UsnSourceInfo.None));
        Assert.That(_volume.Journal.ReadFile("a/f").Usn, Is.EqualTo(record.Usn));
    }

    [Test]
    public void Usn_IsTheOffset_AndAdvancesByTheLength()
    {
        _volume.Write("a/f", 0, [1]);
        _volume.Write("a/long name.txt", 0, [1]);
        _volume.CreateFile("a/new");

        var records = New();
        long expected = 0;
        foreach (var record in records)
        {
            Assert.That(record.Usn, Is.EqualTo(expected));
            Assert.That(record.RecordLength, Is.EqualTo((60 + (record.Name.Length * 2) + 7) / 8 * 8));
            expected += record.RecordLength;
        }

        Assert.That(_volume.Journal.Query().NextUsn, Is.EqualTo(expected));
    }

    private static TestCaseData[] Operations =>
    [
        Case("overwrite", v => v.Write("a/f", 0, [1]), UsnReason.DataOverwrite),
        Case("append", v => v.Append("a/f", [1]), UsnReason.DataExtend),
        Case("write over the end", v => v.Write("a/f", 999, [1, 2]), UsnReason.DataOverwrite | UsnReason.DataExtend),
        Case("write beyond the end", v => v.Write("a/f", 5000, [1, 2]), UsnReason.DataExtend),
        Case("cut", v => v.SetEndOfFile("a/f", 10), UsnReason.DataTruncation),
        Case("zero", v => v.ZeroRange("a/f", 10, 5), UsnReason.DataOverwrite),
        Case("named stream", v => v.Write("a/f:s", 0, [1]), UsnReason.StreamChange | UsnReason.NamedDataExtend),
        Case("empty stream", v => v.CreateStream("a/f:s"), UsnReason.StreamChange),
        Case("attributes", v => v.SetAttributes("a/f", FileAttributes.Hidden), UsnReason.BasicInfoChange),
        Case(
            "indexing",
            v => v.SetAttributes("a/f", FileAttributes.Archive | FileAttributes.NotContentIndexed),
            UsnReason.BasicInfoChange | UsnReason.IndexableChange),
        Case("times", v => v.SetTimes("a/f", default), UsnReason.BasicInfoChange),
        Case("sparse", v => v.SetSparse("a/f"), UsnReason.BasicInfoChange),
        Case("security", v => v.SetSecurity("a/f", new EntrySecurity(SecurityKind.Windows, ReparseTags.DataFor(ReparseTags.MountPoint, @"\??\C:\x"))), UsnReason.SecurityChange),
        Case("compression", v => v.SetCompression("a/f"), UsnReason.CompressionChange),
        Case("compression of a directory", v => v.SetCompression("a/b"), UsnReason.CompressionChange),
        Case("encryption", v => v.Encrypt("a/f"), UsnReason.EncryptionChange),
        Case("hard link", v => v.CreateHardLink("a/g", "a/f"), UsnReason.HardLinkChange),
        Case(
            "reparse point",
            v => v.SetReparsePoint("a/b", ReparseTags.MountPoint, ReparseTags.DataFor(ReparseTags.MountPoint, @"\??\C:\x")),
            UsnReason.ReparsePointChange),
    ];

    [TestCaseSource(nameof(Operations))]
    public void Operation_WithoutAHandle_OpensChangesAndCloses(Action<SimVolume> operation, UsnReason reason)
    {
        operation(_volume);

        Assert.That(Reasons(), Is.EqualTo([reason, reason | Close]));
    }

    [Test]
    public void NamedStream_WrittenAndCut_HasItsOwnReasons()
    {
        _volume.Write("a/f:s", 0, [1, 2, 3]);
        New();
        _volume.Write("a/f:s", 0, [1]);
        _volume.SetEndOfFile("a/f:s", 1);
        _volume.Delete("a/f:s");

        Assert.That(Reasons().Where(reason => (reason & Close) != UsnReason.None), Is.EqualTo(
            [UsnReason.NamedDataOverwrite | Close, UsnReason.NamedDataTruncation | Close, UsnReason.StreamChange | Close]));
    }

    [Test]
    public void Rename_RecordsBothNames_AndClosesWithTheNew()
    {
        _volume.Rename("a/f", "a/b/g");

        var b = _volume.Get("a/b").Reference;
        Assert.That(New().Select(record => (record.Reason, record.Name, record.Parent == b)), Is.EqualTo(
            [
                (UsnReason.RenameOldName, "f", false),
                (UsnReason.RenameNewName, "g", true),
                (UsnReason.RenameNewName | Close, "g", true),
            ]));
    }

    [Test]
    public void Deletion_IsOneRecord_AndOfALinkAHardLinkChange()
    {
        _volume.CreateHardLink("a/g", "a/f");
        New();
        var reference = _volume.Get("a/f").Reference;
        _volume.Delete("a/f");
        _volume.Delete("a/g");

        Assert.That(New().Select(record => (record.Reason, record.Name, record.File)), Is.EqualTo(
            [
                (UsnReason.HardLinkChange, "f", reference),
                (UsnReason.HardLinkChange | Close, "f", reference),
                (UsnReason.FileDelete | Close, "g", reference),
            ]));
    }

    [Test]
    public void Handle_Accumulates_UntilTheLastIsClosed()
    {
        using var other = _volume.Open("a/f");
        using (_volume.Open("a/f"))
        {
            _volume.Write("a/f", 0, [1]);
            _volume.Write("a/f", 5, [1]);
            _volume.Append("a/f", [1]);
        }

        _volume.Rename("a/f", "a/g");
        _volume.Rename("a/g", "a/h");
        other.Dispose();
        other.Dispose();

        const UsnReason Written = UsnReason.DataOverwrite | UsnReason.DataExtend;
        Assert.That(Reasons(), Is.EqualTo(
            [
                UsnReason.DataOverwrite,
                Written,
                Written | UsnReason.RenameOldName,
                Written | UsnReason.RenameNewName,
                Written | UsnReason.RenameOldName,
                Written | UsnReason.RenameNewName,
                Written | UsnReason.RenameNewName | Close,
            ]));
    }

    [Test]
    public void Handle_WithoutChange_WritesNothing_AndAfterDeletionNothingMore()
    {
        _volume.Open("a/f").Dispose();
        Assert.That(New(), Is.Empty);

        var handle = _volume.Open("a/f");
        _volume.Append("a/f", [1]);
        _volume.Delete("a/f");
        handle.Dispose();

        Assert.That(Reasons(), Is.EqualTo([UsnReason.DataExtend, UsnReason.DataExtend | UsnReason.FileDelete | Close]));
    }

    [Test]
    public void CloseRecord_WrittenByHand_EndsTheSeriesOfAnOpenFile()
    {
        using var handle = _volume.Open("a/f");
        _volume.Append("a/f", [1]);
        var usn = _volume.Journal.WriteCloseRecord("a/f");
        _volume.Append("a/f", [1]);

        var records = New();
        Assert.That(records.Select(record => record.Reason), Is.EqualTo(
            [UsnReason.DataExtend, UsnReason.DataExtend | Close, UsnReason.DataExtend]));
        Assert.That(records[1].Usn, Is.EqualTo(usn));
    }

    [Test]
    public void SourceInfo_IsWhatAllHandlesAgreeOn()
    {
        using var marked = _volume.Open("a/f");
        marked.Mark(UsnSourceInfo.DataManagement | UsnSourceInfo.AuxiliaryData);
        _volume.Write("a/f", 0, [1]);
        using (var plain = _volume.Open("a/f"))
        {
            _volume.Append("a/f", [1]);
            plain.Mark(UsnSourceInfo.AuxiliaryData);
            _volume.SetEndOfFile("a/f", 1);
        }

        Assert.That(New().Select(record => record.SourceInfo), Is.EqualTo(
            [UsnSourceInfo.DataManagement | UsnSourceInfo.AuxiliaryData, UsnSourceInfo.None, UsnSourceInfo.AuxiliaryData]));
    }

    [Test]
    public void RefusedOperation_WritesNothing()
    {
        Assert.That(() => _volume.Delete("a"), Throws.Exception);
        Assert.That(() => _volume.CreateFile("a/F"), Throws.Exception);
        Assert.That(() => _volume.Rename("a", "a/b/c"), Throws.Exception);

        Assert.That(New(), Is.Empty);
    }

    private static TestCaseData Case(string name, Action<SimVolume> operation, UsnReason reason) =>
        new TestCaseData(operation, reason).SetArgDisplayNames(name);

    private List<UsnReason> Reasons() => [.. New().Select(record => record.Reason)];

    private List<UsnRecord> New()
    {
        var batch = _volume.Journal.Read(new JournalQuery { JournalId = _id, StartUsn = _seen });
        _seen = batch.NextUsn;
        return [.. batch.Records];
    }
}
