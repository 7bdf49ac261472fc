using Harness.Simulator.FileSystem;
using Harness.Simulator.FileSystem.Opening;
using Harness.Simulator.Volume;
using Microsoft.Win32.SafeHandles;
using NUnit.Framework;

namespace Harness.Tests.FileSystem.Streams;

[TestFixture]
internal sealed class ShareModeTests : WindowsSubject
{
    private static readonly FileAccess[] Accesses = [FileAccess.Read, FileAccess.Write, FileAccess.ReadWrite];

    private static readonly FileShare[] Shares = [FileShare.None, FileShare.Read, FileShare.Write, FileShare.ReadWrite];

    [Test]
    public void Open_SecondTime_ShouldBeAllowedExactlyWhenBothShareWhatTheOtherDoes(
        [ValueSource(nameof(Accesses))] FileAccess first,
        [ValueSource(nameof(Shares))] FileShare firstShare,
        [ValueSource(nameof(Accesses))] FileAccess second,
        [ValueSource(nameof(Shares))] FileShare secondShare)
    {
        Fs.File.WriteAllText("f", "x");
        using var open = Fs.File.Open("f", FileMode.Open, first, firstShare);

        // FileAccess and FileShare use the same two bits.
        var allowed = ((int)second & ~(int)firstShare) == 0 && ((int)first & ~(int)secondShare) == 0;

        if (allowed)
        {
            Fs.File.Open("f", FileMode.Open, second, secondShare).Dispose();
        }
        else
        {
            Refusal.Of<IOException>(
                () => Fs.File.Open("f", FileMode.Open, second, secondShare),
                Refusal.Sharing,
                @"The process cannot access the file 'C:\base\f' because it is being used by another process.");
        }
    }

    [Test]
    public void Write_SharedFile_ShouldBeSeenByTheOtherStream()
    {
        using var writer = Fs.File.Open("f", FileMode.Create, FileAccess.ReadWrite, FileShare.ReadWrite);
        using var reader = Fs.File.Open("f", FileMode.Open, FileAccess.Read, FileShare.ReadWrite);

        writer.Write("abc"u8);
        writer.Flush();

        var buffer = new byte[10];
        Assert.That(reader.Read(buffer, 0, 10), Is.EqualTo(3));
        Assert.That(reader.Length, Is.EqualTo(3));
        writer.SetLength(1);
        Assert.That(reader.Length, Is.EqualTo(1));
    }

    [Test]
    public void Delete_OpenWithShareDelete_ShouldFreeTheNameAtOnce()
    {
        var open = Fs.File.Open("f", FileMode.Create, FileAccess.ReadWrite, FileShare.Delete);
        open.Write("old"u8);
        var used = Subject.Volume.FileCount;

        Fs.File.Delete("f");

        Assert.That(Fs.File.Exists("f"), Is.False);
        Fs.File.WriteAllText("f", "new");
        open.Position = 0;
        Assert.That(new StreamReader(open).ReadToEnd(), Is.EqualTo("old"));
        open.Dispose();
        Assert.That(Fs.File.ReadAllText("f"), Is.EqualTo("new"));
        Assert.That(Subject.Volume.FileCount, Is.EqualTo(used));
    }

    [Test]
    public void Delete_BeforeWindows10_ShouldWaitForTheLastHandle()
    {
        using var subject = new SimSubject(new SimFileSystemOptions { Deletes = DeleteBehavior.NameStaysUntilClosed });
        var open = subject.Sim.File.Open("f", FileMode.Create, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);

        subject.Sim.File.Delete("f");

        Refusal.Of<UnauthorizedAccessException>(() => subject.Sim.File.OpenRead("f"), Refusal.AccessDenied);
        Assert.That(subject.Sim.Directory.GetFiles("."), Has.Length.EqualTo(1));
        open.Dispose();
        Assert.That(subject.Sim.Directory.GetFiles("."), Is.Empty);
    }

    [Test]
    public void Rename_OpenWithShareDelete_ShouldLeaveTheStreamOnTheFile()
    {
        using var open = Fs.File.Open("f", FileMode.Create, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
        Fs.File.Move("f", "g");
        open.Write("x"u8);

        Assert.That(
            new StreamReader(Fs.File.Open("g", FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete)).ReadToEnd(),
            Is.EqualTo("x"));
    }

    [Test]
    public void Open_OtherStreamOfTheFile_ShouldNotBeASharingViolation()
    {
        using var main = Fs.File.Create("file");

        Fs.File.WriteAllText("file:notes", "n");

        Assert.That(Fs.File.ReadAllText("FILE:NOTES:$DATA"), Is.EqualTo("n"));
        Assert.That(Fs.Directory.GetFiles("."), Is.EqualTo([@".\file"]));
    }

    [Test]
    public void Lock_Range_ShouldRefuseOthersAndNotItself()
    {
        using var mine = (SimFileStream)Fs.File.Open("f", FileMode.Create, FileAccess.ReadWrite, FileShare.ReadWrite);
        using var other = Fs.File.Open("f", FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);
        mine.Write(new byte[10]);
        mine.Lock(0, 4);

        mine.Position = 0;
        Assert.That(mine.ReadByte(), Is.Zero);
        Refusal.Of<IOException>(() => other.ReadByte(), Refusal.Locked);
        other.Position = 4;
        Assert.That(other.ReadByte(), Is.Zero);
        mine.Unlock(0, 4);
        other.Position = 0;
        Assert.That(other.ReadByte(), Is.Zero);
    }

    [Test]
    public void Handle_OfAStream_ShouldOpenAnotherOnIt()
    {
        using var stream = (SimFileStream)Fs.File.Create("f");
        stream.Write("abc"u8);
        using var second = Fs.FileStream.Create(stream.SafeFileHandle, FileAccess.Read);

        Assert.That(new StreamReader(second).ReadToEnd(), Is.EqualTo("abc"));
        Refusal.Of<IOException>(() => Fs.FileStream.Create(new SafeFileHandle(12345, false), FileAccess.Read), unchecked((int)0x80070006));
        Assert.Throws<ArgumentException>(() => Fs.FileStream.Create(new SafeFileHandle(-1, false), FileAccess.Read));
    }

    [Test]
    public void Append_SeekBack_ShouldBeRefused()
    {
        Fs.File.WriteAllText("f", "abc");
        using var stream = Fs.File.Open("f", FileMode.Append);

        Assert.That(stream.Position, Is.EqualTo(3));
        Refusal.Of<IOException>(() => stream.Seek(0, SeekOrigin.Begin), Refusal.PlainIO, "Append mode");
        Refusal.Of<IOException>(() => stream.SetLength(1), Refusal.PlainIO, "Append mode");
        Assert.Throws<NotSupportedException>(() => stream.ReadByte());
    }

    [Test]
    public void Stream_Closed_ShouldThrowObjectDisposed()
    {
        var stream = Fs.File.Create("f");
        stream.Dispose();

        Assert.Throws<ObjectDisposedException>(() => stream.WriteByte(0));
        Assert.Throws<ObjectDisposedException>(() => _ = stream.Length);
        Assert.That(stream.CanRead || stream.CanWrite || stream.CanSeek, Is.False);
    }

    [Test]
    public void Write_ManySmallPieces_ShouldKeepBytesAndSnapshotsApart()
    {
        VolumeSnapshotText(out var before, out var after);

        Assert.That(before, Is.EqualTo("0123456789"));
        Assert.That(after, Is.EqualTo("0123456789abcdefghij"));
    }

    [Test]
    public void Streams_FromManyThreads_ShouldLoseNothing()
    {
        Parallel.For(0, 8, thread =>
        {
            for (var i = 0; i < 50; i++)
            {
                Fs.File.WriteAllText($"t{thread}-{i}", $"{thread},{i}");
            }
        });

        Assert.That(Fs.Directory.GetFiles("."), Has.Length.EqualTo(400));
        Assert.That(Fs.File.ReadAllText("t7-49"), Is.EqualTo("7,49"));
    }

    private void VolumeSnapshotText(out string before, out string after)
    {
        using var stream = Fs.File.Create("f");
        Write(stream, "0123456789");
        var snapshot = Subject.Volume.TakeSnapshot();
        Write(stream, "abcdefghij");
        before = Text(snapshot.Get("base/f").Path, snapshot);
        after = Text("base/f", Subject.Volume);
    }

    private static void Write(Stream stream, string text)
    {
        foreach (var character in text)
        {
            stream.WriteByte((byte)character);
        }
    }

    private static string Text(string path, Harness.Simulator.Volume.VolumeView view)
    {
        var buffer = new byte[100];
        return System.Text.Encoding.ASCII.GetString(buffer, 0, view.Read(path, 0, buffer));
    }
}
