using NUnit.Framework;

namespace Harness.Tests.FileSystem.Files;

[TestFixture(typeof(SimSubject))]
[TestFixture(typeof(HostSubject))]
internal sealed class BasicTests<T> : EverySubject<T>
    where T : Subject
{
    [Test]
    public void WriteAllText_NewFile_ShouldBeReadBack()
    {
        Fs.File.WriteAllText(Subject.At("a.txt"), "Grüße");

        Assert.That(Fs.File.ReadAllText(Subject.At("a.txt")), Is.EqualTo("Grüße"));
        Assert.That(Fs.File.ReadAllBytes(Subject.At("a.txt")), Is.EqualTo("Grüße"u8.ToArray()));
    }

    [Test]
    public void WriteAllText_WithEncoding_ShouldWriteItsMarkAndBeDetected()
    {
        Fs.File.WriteAllText(Subject.At("a.txt"), "x", System.Text.Encoding.Unicode);

        Assert.That(Fs.File.ReadAllBytes(Subject.At("a.txt")), Is.EqualTo(new byte[] { 0xFF, 0xFE, (byte)'x', 0 }));
        Assert.That(Fs.File.ReadAllText(Subject.At("a.txt")), Is.EqualTo("x"));
    }

    [Test]
    public void AppendAllLines_Twice_ShouldFollowOneAnother()
    {
        Fs.File.AppendAllLines(Subject.At("a"), ["one"]);
        Fs.File.AppendAllLines(Subject.At("a"), ["two", "three"]);

        Assert.That(Fs.File.ReadAllLines(Subject.At("a")), Is.EqualTo(["one", "two", "three"]));
        Assert.That(Fs.File.ReadLines(Subject.At("a")).Last(), Is.EqualTo("three"));
    }

    [Test]
    public async Task WriteAllBytesAsync_ThenRead_ShouldBeTheBytes()
    {
        await Fs.File.WriteAllBytesAsync(Subject.At("a"), [1, 2, 3]);

        Assert.That(await Fs.File.ReadAllBytesAsync(Subject.At("a")), Is.EqualTo(new byte[] { 1, 2, 3 }));
    }

    [Test]
    public void ReadAllTextAsync_Cancelled_ShouldBeCanceled()
    {
        Assert.That(
            Fs.File.ReadAllTextAsync(Subject.At("a"), new CancellationToken(canceled: true)).IsCanceled, Is.True);
    }

    [Test]
    public void Copy_ThenChangeOfTheSource_ShouldLeaveTheCopy()
    {
        Fs.File.WriteAllText(Subject.At("a"), "before");
        Fs.File.Copy(Subject.At("a"), Subject.At("b"));
        Fs.File.WriteAllText(Subject.At("a"), "after");

        Assert.That(Fs.File.ReadAllText(Subject.At("b")), Is.EqualTo("before"));
    }

    [Test]
    public void Copy_ShouldKeepTheWriteTime()
    {
        var time = new DateTime(2001, 2, 3, 4, 5, 6, DateTimeKind.Utc);
        Fs.File.WriteAllText(Subject.At("a"), "x");
        Fs.File.SetLastWriteTimeUtc(Subject.At("a"), time);
        Fs.File.Copy(Subject.At("a"), Subject.At("b"));

        Assert.That(Fs.File.GetLastWriteTimeUtc(Subject.At("b")), Is.EqualTo(time));
    }

    [Test]
    public void Move_OverwritingFile_ShouldReplaceIt()
    {
        Fs.File.WriteAllText(Subject.At("a"), "a");
        Fs.File.WriteAllText(Subject.At("b"), "b");

        Fs.File.Move(Subject.At("a"), Subject.At("b"), overwrite: true);

        Assert.That(Fs.File.Exists(Subject.At("a")), Is.False);
        Assert.That(Fs.File.ReadAllText(Subject.At("b")), Is.EqualTo("a"));
    }

    [Test]
    public void Replace_WithBackup_ShouldKeepTheOldFileThere()
    {
        Fs.File.WriteAllText(Subject.At("new"), "new");
        Fs.File.WriteAllText(Subject.At("old"), "old");

        Fs.File.Replace(Subject.At("new"), Subject.At("old"), Subject.At("bak"));

        Assert.That(Fs.File.Exists(Subject.At("new")), Is.False);
        Assert.That(Fs.File.ReadAllText(Subject.At("old")), Is.EqualTo("new"));
        Assert.That(Fs.File.ReadAllText(Subject.At("bak")), Is.EqualTo("old"));
    }

    [Test]
    public void GetFiles_Recursive_ShouldFindAllMatches()
    {
        Fs.Directory.CreateDirectory(Subject.At("d", "e"));
        Fs.File.WriteAllText(Subject.At("one.txt"), "");
        Fs.File.WriteAllText(Subject.At("d", "two.txt"), "");
        Fs.File.WriteAllText(Subject.At("d", "e", "three.log"), "");

        Assert.That(
            Fs.Directory.GetFiles(Subject.Base, "*.txt", SearchOption.AllDirectories),
            Is.EquivalentTo([Subject.At("one.txt"), Subject.At("d", "two.txt")]));
        Assert.That(
            Fs.DirectoryInfo.FromDirectoryName(Subject.Base).GetFileSystemInfos("*", SearchOption.AllDirectories)
                .Select(info => info.Name),
            Is.EquivalentTo(["one.txt", "two.txt", "three.log", "d", "e"]));
    }

    [Test]
    public void DirectoryMove_WithContent_ShouldTakeItAlong()
    {
        Fs.Directory.CreateDirectory(Subject.At("d", "e"));
        Fs.File.WriteAllText(Subject.At("d", "e", "f"), "x");

        Fs.Directory.Move(Subject.At("d"), Subject.At("moved"));

        Assert.That(Fs.File.ReadAllText(Subject.At("moved", "e", "f")), Is.EqualTo("x"));
        Assert.That(Fs.Directory.Exists(Subject.At("d")), Is.False);
    }

    [Test]
    public void Stream_SeekBeyondEndAndWrite_ShouldReadZerosBetween()
    {
        using (var stream = Fs.File.Create(Subject.At("a")))
        {
            stream.Seek(3, SeekOrigin.Begin);
            stream.WriteByte(7);
            stream.SetLength(6);
        }

        Assert.That(Fs.File.ReadAllBytes(Subject.At("a")), Is.EqualTo(new byte[] { 0, 0, 0, 7, 0, 0 }));
    }

    [Test]
    public void Stream_DeleteOnClose_ShouldBeGone()
    {
        Fs.File.Create(Subject.At("a"), 1, FileOptions.DeleteOnClose).Dispose();

        Assert.That(Fs.File.Exists(Subject.At("a")), Is.False);
    }

    [Test]
    public void MissingFile_ShouldThrowWhatEveryHostThrows()
    {
        Refusal.Of<FileNotFoundException>(
            () => Fs.File.ReadAllText(Subject.At("no")), Refusal.FileNotFound, Subject.At("no"));
        Refusal.Of<DirectoryNotFoundException>(
            () => Fs.File.ReadAllText(Subject.At("no", "no")), Refusal.PathNotFound, Subject.At("no", "no"));
        Assert.That(Fs.File.GetLastWriteTimeUtc(Subject.At("no")).Year, Is.EqualTo(1601));
        Assert.That(Fs.FileInfo.FromFileName(Subject.At("no")).Attributes, Is.EqualTo((FileAttributes)(-1)));
    }

    [Test]
    public void FileInfo_AfterChange_ShouldShowItAfterRefresh()
    {
        Fs.File.WriteAllText(Subject.At("a"), "1");
        var info = Fs.FileInfo.FromFileName(Subject.At("a"));
        Assert.That(info.Length, Is.EqualTo(1));
        Fs.File.AppendAllText(Subject.At("a"), "2");

        Assert.That(info.Length, Is.EqualTo(1));
        info.Refresh();
        Assert.That(info.Length, Is.EqualTo(2));
    }
}
