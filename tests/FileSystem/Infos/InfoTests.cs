using System.IO.Abstractions;
using Harness.Engine.Model;
using Harness.Simulator.FileSystem;
using Harness.Simulator.Kernel;
using Harness.Simulator.Volume;
using NUnit.Framework;

namespace Harness.Tests.FileSystem.Infos;

[TestFixture]
internal sealed class InfoTests : WindowsSubject
{
    [Test]
    public void DirectoryInfo_Names_ShouldBeThoseOfWindows()
    {
        var info = Fs.DirectoryInfo.FromDirectoryName(@"a\..\d.x\");

        Assert.That((info.FullName, info.Name, info.Extension, info.ToString()), Is.EqualTo((@"C:\base\d.x\", "d.x", "", @"a\..\d.x\")));
        Assert.That((info.Parent!.FullName, info.Root.FullName), Is.EqualTo((@"C:\base", @"C:\")));
        Assert.That(info.Root.Parent, Is.Null);
        Assert.That(info.Root.Name, Is.EqualTo(@"C:\"));
        Assert.That(info.Exists, Is.False);
        info.Create();
        Assert.That(info.Exists, Is.True);
    }

    [Test]
    public void CreateSubdirectory_OutsideOrRooted_ShouldThrow()
    {
        var info = Fs.DirectoryInfo.FromDirectoryName("d");

        Assert.That(info.CreateSubdirectory(@"x\y").FullName, Is.EqualTo(@"C:\base\d\x\y"));
        Assert.Throws<ArgumentException>(() => info.CreateSubdirectory(@"..\z"));
        Assert.Throws<ArgumentException>(() => info.CreateSubdirectory(@"C:\z"));
        Assert.Throws<ArgumentException>(() => info.CreateSubdirectory(" "));
    }

    [Test]
    public void MoveTo_ShouldFollow()
    {
        Fs.File.WriteAllText("a", "x");
        var file = Fs.FileInfo.FromFileName("a");
        file.MoveTo("b");
        var directory = Fs.Directory.CreateDirectory("d");
        directory.MoveTo("e");

        Assert.That((file.FullName, file.Exists, directory.FullName, directory.Exists), Is.EqualTo((@"C:\base\b", true, @"C:\base\e\", true)));
    }

    [Test]
    public void MoveTo_ShouldMarkAFileForArchivingAndNoDirectory()
    {
        Fs.File.WriteAllText("a", "");
        Fs.File.WriteAllText("b", "");
        Fs.File.SetAttributes("a", FileAttributes.System);
        Fs.File.Move("a", "c");
        Fs.File.SetAttributes("b", FileAttributes.Normal);
        Fs.File.Replace("c", "b", "kept");
        Fs.Directory.CreateDirectory("d");
        Fs.Directory.Move("d", "e");

        Assert.That(Fs.File.GetAttributes("b"), Is.EqualTo(FileAttributes.System | FileAttributes.Archive));
        Assert.That(Fs.File.GetAttributes("kept"), Is.EqualTo(FileAttributes.Archive));
        Assert.That(Fs.File.GetAttributes("e"), Is.EqualTo(FileAttributes.Directory));
    }

    [Test]
    public void FileInfo_Name_ShouldBeAsGivenUntilMoved()
    {
        Fs.File.WriteAllText("a", "x");
        var info = Fs.FileInfo.FromFileName("a  ");

        Assert.That((info.Name, info.FullName, info.Exists), Is.EqualTo(("a  ", @"C:\base\a", true)));
        info.MoveTo("b ");
        Assert.That((info.Name, info.FullName), Is.EqualTo(("b", @"C:\base\b")));
        Assert.That(info.CopyTo("c").ToString(), Is.EqualTo(@"C:\base\c"));
    }

    [Test]
    public void FileInfo_AfterItOpensTheFile_ShouldAskAnew()
    {
        Action<IFileInfo>[] opens =
        [
            info => info.Open(FileMode.Create).Dispose(), info => info.OpenWrite().Dispose(),
            info => info.CreateText().Dispose(), info => info.AppendText().Dispose(),
        ];
        foreach (var open in opens)
        {
            var info = Fs.FileInfo.FromFileName($"n{Array.IndexOf(opens, open)}");
            Assert.That(info.Exists, Is.False);
            open(info);
            Assert.That(info.Exists, Is.True);
        }
    }

    [Test]
    public void ListedInfos_ShouldKeepWhatTheListingSaw()
    {
        Fs.File.WriteAllText("gone", "");
        Fs.File.WriteAllText("grown", "12");

        var infos = Fs.DirectoryInfo.FromDirectoryName(".").GetFiles();
        Fs.File.Delete("gone");
        Fs.File.WriteAllText("grown", "12345");

        Assert.That((infos[0].Exists, infos[1].Length), Is.EqualTo((true, 2L)));
        infos[0].Refresh();
        infos[1].Refresh();
        Assert.That((infos[0].Exists, infos[1].Length), Is.EqualTo((false, 5L)));
    }

    [Test]
    public void DirectoryInfo_Temporary_ShouldBeRefused()
    {
        var info = Fs.Directory.CreateDirectory("d");

        Assert.That(
            Assert.Throws<ArgumentException>(() => info.Attributes = FileAttributes.Temporary)!.ParamName, Is.EqualTo("attributes"));
    }

    [Test]
    public void FileInfo_Missing_ShouldShowWhatWindowsShows()
    {
        var info = Fs.FileInfo.FromFileName("no");

        Assert.That((info.Exists, info.IsReadOnly, info.LastWriteTimeUtc), Is.EqualTo((false, true, new DateTime(1601, 1, 1, 0, 0, 0, DateTimeKind.Utc))));
        Refusal.Of<FileNotFoundException>(() => _ = info.Length, Refusal.FileNotFound, @"'C:\base\no'");
        Refusal.Of<FileNotFoundException>(() => info.Attributes = FileAttributes.Hidden, Refusal.FileNotFound);
        Refusal.Of<FileNotFoundException>(() => info.MoveTo("x"), Refusal.FileNotFound);
    }

    [Test]
    public void Times_ShouldComeFromTheVolumesClock()
    {
        Fs.File.WriteAllText("a", "x");
        var made = Fs.File.GetCreationTimeUtc("a");
        Subject.Clock.Advance(TimeSpan.FromHours(1));
        Fs.File.AppendAllText("a", "y");
        Subject.Clock.Advance(TimeSpan.FromHours(1));
        Fs.File.ReadAllText("a");

        Assert.That(made, Is.EqualTo(new DateTime(2018, 8, 2, 0, 0, 0, DateTimeKind.Utc)).Within(TimeSpan.FromSeconds(1)));
        Assert.That(Fs.File.GetLastWriteTimeUtc("a") - made, Is.EqualTo(TimeSpan.FromHours(1)).Within(TimeSpan.FromSeconds(1)));
        Assert.That(Fs.File.GetLastAccessTimeUtc("a") - made, Is.EqualTo(TimeSpan.FromHours(2)).Within(TimeSpan.FromSeconds(1)));
        Assert.That(Fs.File.GetCreationTimeUtc("a"), Is.EqualTo(made));
        Refusal.Of<UnauthorizedAccessException>(() => Fs.File.SetCreationTime(@"C:\base", made), Refusal.AccessDenied);
        Fs.Directory.SetCreationTime(@"C:\base", made.ToLocalTime());
        Assert.That(Fs.Directory.GetCreationTimeUtc(@"C:\base"), Is.EqualTo(made));
        Assert.Throws<ArgumentException>(() => Fs.Directory.SetCreationTime(@"C:\", made));
    }

    [Test]
    public void DriveInfo_ShouldShowTheVolume()
    {
        var clock = new SimClock();
        var second = new SimVolume(
            new VolumeSettings { Label = "stick", Kind = VolumeKind.Removable, CapacityBytes = 1 << 30, FileSystem = FileSystemKind.Fat }, clock);
        var fs = new SimFileSystem(
            new SimVolume(new VolumeSettings { Label = "system" }, clock),
            new SimFileSystemOptions { MoreVolumes = new Dictionary<string, SimVolume> { ["E:"] = second, [@"\\srv\share"] = second } });

        Assert.That(fs.Directory.GetLogicalDrives(), Is.EqualTo([@"C:\", @"E:\"]));
        Assert.That(fs.DriveInfo.GetDrives().Select(drive => drive.VolumeLabel), Is.EqualTo(["system", "stick"]));
        var stick = fs.DriveInfo.FromDriveName("e:");
        Assert.That((stick.Name, stick.DriveType, stick.DriveFormat, stick.IsReady), Is.EqualTo((@"e:\", DriveType.Removable, "FAT32", true)));
        Assert.That((stick.TotalSize, stick.RootDirectory.FullName), Is.EqualTo((1L << 30, @"e:\")));
        fs.File.WriteAllBytes(@"E:\f", new byte[100_000].Select((_, i) => (byte)((i & 0xFF) | 1)).ToArray());
        Assert.That(stick.AvailableFreeSpace, Is.LessThan(stick.TotalSize));
        Assert.That(fs.File.Exists(@"\\srv\share\F"), Is.True);
        fs.File.Move(@"E:\f", @"C:\f");
        Assert.That((fs.FileInfo.FromFileName(@"C:\f").Length, fs.File.Exists(@"E:\f")), Is.EqualTo((100_000L, false)));
        stick.VolumeLabel = "renamed";
        Assert.That(fs.DriveInfo.FromDriveName("E").VolumeLabel, Is.EqualTo("renamed"));
        Assert.Throws<DriveNotFoundException>(() => _ = fs.DriveInfo.FromDriveName("Q").TotalSize);
        Assert.Throws<ArgumentException>(() => fs.DriveInfo.FromDriveName("1:"));
        second.IsOffline = true;
        Assert.That(stick.IsReady, Is.False);
        Refusal.Of<IOException>(() => fs.File.ReadAllText(@"E:\x"), unchecked((int)0x80070015));
    }

    [Test]
    public void Copy_OfAHugeFile_ShouldCostNothing()
    {
        Subject.Volume.CreateFile("base/huge", 4L << 40);

        Fs.File.Copy("huge", "copy");

        Assert.That(Fs.FileInfo.FromFileName("copy").Length, Is.EqualTo(4L << 40));
        using var one = Fs.File.OpenRead("huge");
        using var two = Fs.File.OpenRead("copy");
        one.Position = two.Position = 3L << 40;
        Assert.That(two.ReadByte(), Is.EqualTo(one.ReadByte()));
    }
}
