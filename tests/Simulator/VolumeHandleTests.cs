using Harness.Engine.Errors;
using Harness.Simulator.Kernel;
using Harness.Simulator.Volume;
using NUnit.Framework;

namespace Harness.Tests.Simulator;

/// <summary>Share modes, deletes that wait and sections, at the volume.</summary>
[TestFixture]
internal sealed class VolumeHandleTests
{
    private const FileShare All = FileShare.ReadWrite | FileShare.Delete;

    private static readonly FileAccess[] Accesses = [default, FileAccess.Read, FileAccess.Write, FileAccess.ReadWrite];

    private static readonly FileShare[] Shares =
    [
        FileShare.None, FileShare.Read, FileShare.Write, FileShare.ReadWrite, FileShare.Delete, All,
    ];

    private SimVolume _volume = null!;

    [SetUp]
    public void MakeVolume()
    {
        _volume = new SimVolume(new VolumeSettings { Label = "handles" }, new SimClock());
        _volume.CreateDirectories("d/e");
        _volume.CreateFile("d/e/f", 1000);
        _volume.CreateStream("d/e/f:s", 100);
    }

    [Test]
    public void Open_SecondTime_IsAllowedExactlyWhenBothShareWhatTheOtherDoes([ValueSource(nameof(Accesses))] FileAccess first)
    {
        foreach (var firstShare in Shares)
        {
            using var open = _volume.Open("d/e/f", first, firstShare);
            foreach (var (second, secondShare, deletes) in Accesses.SelectMany(
                access => Shares.SelectMany(share => new[] { (access, share, false), (access, share, true) })))
            {
                // FileAccess and FileShare use the same two bits, and deletion has one of its own in FileShare.
                var wanted = (int)second | (deletes ? (int)FileShare.Delete : 0);
                var allowed = first == default || wanted == 0
                    || ((wanted & ~(int)firstShare) == 0 && ((int)first & ~(int)secondShare) == 0);
                var options = deletes ? OpenOptions.Delete : OpenOptions.None;

                Assert.That(
                    Succeeds(() => _volume.Open("d/e/f", second, secondShare, options).Dispose()),
                    Is.EqualTo(allowed),
                    $"{first} sharing {firstShare}, then {second} sharing {secondShare}, deletes: {deletes}");
            }
        }
    }

    [Test]
    public void Open_OtherStream_ConflictsOnlyWithDeletionOfTheFile()
    {
        using var main = _volume.Open("d/e/f", FileAccess.ReadWrite, FileShare.None);
        using var named = _volume.Open("D/E/F:S", FileAccess.ReadWrite, FileShare.None);

        Assert.That(named.Stream, Is.EqualTo("s"));
        main.Dispose();
        Refuses(NtStatus.SharingViolation, () => _volume.Open("d/e/f", default, All, OpenOptions.Delete));
        Refuses(NtStatus.SharingViolation, () => _volume.Delete("d/e/f"));
        Refuses(NtStatus.SharingViolation, () => _volume.Open("d/e/f:s", FileAccess.Read, All));
    }

    [Test]
    public void ReadAndWrite_NeedTheirRights()
    {
        using var reader = _volume.Open("d/e/f", FileAccess.Read, All);
        using var writer = _volume.Open("d/e/f", FileAccess.Write, All);
        writer.Write(998, [1, 2, 3]);

        var bytes = new byte[10];
        Assert.That(reader.Read(998, bytes), Is.EqualTo(3));
        Assert.That(bytes[..3], Is.EqualTo(new byte[] { 1, 2, 3 }));
        Assert.That(reader.SizeBytes, Is.EqualTo(1001));
        Refuses(NtStatus.AccessDenied, () => reader.Write(0, [1]));
        Refuses(NtStatus.AccessDenied, () => reader.SetEndOfFile(0));
        Refuses(NtStatus.AccessDenied, () => writer.Read(0, bytes));
        writer.SetEndOfFile(5);
        Assert.That(_volume.Get("d/e/f").Streams[0].SizeBytes, Is.EqualTo(5));
        writer.Dispose();
        Assert.Throws<ObjectDisposedException>(() => writer.Write(0, [1]));
    }

    [Test]
    public void OperationsByPath_NeedTheShareOfOpenHandles()
    {
        var open = _volume.Open("d/e/f", FileAccess.Read, FileShare.Read);

        Refuses(NtStatus.SharingViolation, () => _volume.Write("d/e/f", 0, [1]));
        Refuses(NtStatus.SharingViolation, () => _volume.Append("d/e/f", [1]));
        Refuses(NtStatus.SharingViolation, () => _volume.SetEndOfFile("d/e/f", 0));
        Refuses(NtStatus.SharingViolation, () => _volume.ZeroRange("d/e/f", 0, 10));
        Refuses(NtStatus.SharingViolation, () => _volume.SetSparse("d/e/f"));
        Refuses(NtStatus.SharingViolation, () => _volume.SetCompression("d/e/f"));
        Refuses(NtStatus.SharingViolation, () => _volume.Encrypt("d/e/f"));
        Refuses(NtStatus.SharingViolation, () => _volume.Rename("d/e/f", "d/e/g"));
        Refuses(NtStatus.SharingViolation, () => _volume.Delete("d/e/f"));
        _volume.SetAttributes("d/e/f", FileAttributes.Hidden);
        _volume.CreateHardLink("d/l", "d/e/f");
        open.Dispose();
        _volume.Write("d/e/f", 0, [1]);
        _volume.Rename("d/e/f", "d/e/g");
    }

    [Test]
    public void Rename_DirectoryWithOpenFilesBelow_IsDenied()
    {
        var open = _volume.Open("d/e/f");

        Refuses(NtStatus.AccessDenied, () => _volume.Rename("d", "x"));
        Refuses(NtStatus.AccessDenied, () => _volume.Rename("d/e", "e"));
        _volume.Rename("d/e/f", "f");
        _volume.Rename("d", "x");
        open.Dispose();
        Assert.That(_volume.Find("x/e"), Is.Not.Null);
    }

    [Test]
    public void Delete_Posix_FreesTheNameAndKeepsTheFileForItsHandles()
    {
        var open = _volume.Open("d/e/f", FileAccess.ReadWrite, All);
        open.Write(0, [7]);
        var files = _volume.FileCount;

        _volume.Delete("d/e/f");
        _volume.CreateFile("d/e/f");

        var bytes = new byte[1];
        open.Write(1, [8]);
        Assert.That(open.Read(0, bytes), Is.EqualTo(1));
        Assert.That((bytes[0], _volume.Get("d/e/f").Streams[0].SizeBytes, _volume.FileCount), Is.EqualTo(((byte)7, 0L, files + 1)));
        var used = _volume.UsedBytes;
        open.Dispose();
        open.Dispose();
        Assert.That((_volume.FileCount, _volume.UsedBytes), Is.EqualTo((files, used - 4096)));
        Assert.That(_volume.Find(open.Reference), Is.Null);
    }

    [Test]
    public void Delete_Classic_KeepsTheNameUntilTheLastHandleAndRefusesOpens()
    {
        var first = _volume.Open("d/e/f", FileAccess.Read, All);
        var second = _volume.Open("d/e/f", FileAccess.Read, All);

        _volume.Delete("d/e/f", DeleteBehavior.NameStaysUntilClosed);

        Refuses(NtStatus.DeletePending, () => _volume.Open("d/e/f"));
        Refuses(NtStatus.DeletePending, () => _volume.Write("d/e/f", 0, [1]));
        Refuses(NtStatus.DeletePending, () => _volume.CreateFile("d/e/f"));
        Refuses(NtStatus.DeletePending, () => _volume.Rename("d/e/f", "g"));
        first.Dispose();
        Assert.That(_volume.Find("d/e/f"), Is.Not.Null);
        second.Dispose();
        Assert.That(_volume.Find("d/e/f"), Is.Null);
        _volume.CreateFile("d/e/f");
    }

    [Test]
    public void Delete_ByHandle_WaitsForItsCloseAndCanBeTakenBack()
    {
        using var reader = _volume.Open("d/e/f", FileAccess.Read, All);
        var deleter = _volume.Open("d/e/f", default, All, OpenOptions.Delete);
        Refuses(NtStatus.AccessDenied, () => reader.Delete());

        deleter.Delete();
        Refuses(NtStatus.DeletePending, () => _volume.Open("d/e/f"));
        deleter.Undelete();
        _volume.Open("d/e/f").Dispose();
        deleter.Delete();
        deleter.Dispose();

        Assert.That(_volume.Find("d/e/f"), Is.Null);
        Assert.That(reader.SizeBytes, Is.EqualTo(1000));
    }

    [TestCase(OpenOptions.DeleteOnClose, true)]
    [TestCase(OpenOptions.DeleteOnClose | OpenOptions.PosixDelete, false)]
    public void DeleteOnClose_OthersHoldTheFile_NameStaysUnlessPosix(OpenOptions options, bool stays)
    {
        var deleter = _volume.Open("d/e/f", FileAccess.Read, All, options);
        var other = _volume.Open("d/e/f", FileAccess.Read, All);

        deleter.Dispose();

        Assert.That(_volume.Find("d/e/f") is not null, Is.EqualTo(stays));
        other.Dispose();
        Assert.That(_volume.Find("d/e/f"), Is.Null);
    }

    [Test]
    public void Delete_OneOfTwoNames_LeavesTheOther()
    {
        _volume.CreateHardLink("l", "d/e/f");
        var byLink = _volume.Open("l", FileAccess.Read, All);

        _volume.Delete("l", DeleteBehavior.NameStaysUntilClosed);

        Refuses(NtStatus.DeletePending, () => _volume.Open("l"));
        _volume.Open("d/e/f").Dispose();
        byLink.Dispose();
        Assert.That(_volume.Find("l"), Is.Null);
        Assert.That(_volume.Get("d/e/f").LinkCount, Is.EqualTo(1));
    }

    [Test]
    public void Delete_NamedStreamInUse_WaitsForItsHandle()
    {
        var open = _volume.Open("d/e/f:s", FileAccess.Read, All);

        _volume.Delete("d/e/f:s");

        Refuses(NtStatus.DeletePending, () => _volume.Open("d/e/f:s", FileAccess.Read, All));
        Assert.That(open.SizeBytes, Is.EqualTo(100));
        open.Dispose();
        Assert.That(_volume.Get("d/e/f").Streams, Has.Count.EqualTo(1));
    }

    [Test]
    public void Delete_ByHandle_RefusesWhatCannotGo()
    {
        _volume.SetAttributes("d/e/f", FileAttributes.ReadOnly);
        Refuses(NtStatus.CannotDelete, () => _volume.Open("d/e/f", FileAccess.Read, All, OpenOptions.DeleteOnClose));
        Refuses(NtStatus.AccessDenied, () => _volume.Open("d/e/f", FileAccess.Write, All));
        using var file = _volume.Open("d/e/f", default, All, OpenOptions.Delete);
        using var directory = _volume.Open("d/e", default, All, OpenOptions.Delete);

        Refuses(NtStatus.CannotDelete, () => file.Delete());
        Refuses(NtStatus.DirectoryNotEmpty, () => directory.Delete());
    }

    [Test]
    public void Section_OutlivesItsHandle_AndForbidsCuttingAndDeleting()
    {
        VolumeSection section;
        using (var open = _volume.Open("d/e/f", FileAccess.Read, All))
        {
            section = open.Map();
        }

        Refuses(NtStatus.UserMappedFile, () => _volume.SetEndOfFile("d/e/f", 10));
        Refuses(NtStatus.CannotDelete, () => _volume.Delete("d/e/f"));
        _volume.SetEndOfFile("d/e/f", 2000);
        section.Dispose();
        section.Dispose();
        _volume.SetEndOfFile("d/e/f", 10);
        _volume.Delete("d/e/f");
    }

    [Test]
    public void Snapshot_IsTakenAndReadWhateverIsOpen()
    {
        using var open = _volume.Open("d/e/f", FileAccess.ReadWrite, FileShare.None);
        open.Lock(0, 1000);
        var bytes = new byte[1000];

        var snapshot = _volume.TakeSnapshot();
        open.Write(0, [1, 2, 3]);

        Assert.That(snapshot.Read("d/e/f", 0, bytes), Is.EqualTo(1000));
        Assert.That(bytes[..3], Is.Not.EqualTo(new byte[] { 1, 2, 3 }));
    }

    [Test]
    public void Open_ReadOnlyVolume_RefusesWritersOnly()
    {
        _volume.IsReadOnly = true;
        _volume.Open("d/e/f", FileAccess.Read, All).Dispose();

        Assert.That(
            Assert.Throws<BackupException>(() => _volume.Open("d/e/f", FileAccess.Write, All))!.Message, Does.Contain("read-only"));
    }

    private static bool Succeeds(Action open)
    {
        try
        {
            open();
            return true;
        }
        catch (VolumeStatusException refusal) when (refusal.Status == NtStatus.SharingViolation)
        {
            return false;
        }
    }

    private static void Refuses(NtStatus status, Action operation)
    {
        var refusal = Assert.Throws<VolumeStatusException>(() => operation())!;
        Assert.That((refusal.Status, refusal.Code), Is.EqualTo((status, ErrorCode.VolumeOperationInvalid)), refusal.Message);
        Assert.That(refusal.Remedy, Is.Not.Null);
    }
}
