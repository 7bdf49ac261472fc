using Harness.Simulator.Volume;
using NUnit.Framework;

namespace Harness.Tests.FileSystem.Directories;

[TestFixture]
internal sealed class ListingTests : WindowsSubject
{
    [TestCase("*", "a.test a.test.again noext b.TXT")]
    [TestCase("*.*", "a.test a.test.again noext b.TXT")]
    [TestCase("", "a.test a.test.again noext b.TXT")]
    [TestCase(".", "a.test a.test.again noext b.TXT")]
    [TestCase("*.", "noext")]
    [TestCase("*.txt", "b.TXT")]
    [TestCase("?.txt", "b.TXT")]
    [TestCase("a*.t*.", "a.test")]
    [TestCase("A.TEST", "a.test")]
    [TestCase("*t..", "")]
    public void GetFiles_Pattern_ShouldMatchAsWindows(string pattern, string expected)
    {
        foreach (var name in "a.test a.test.again noext b.TXT".Split(' '))
        {
            Fs.File.WriteAllText(name, "");
        }

        Assert.That(
            Fs.Directory.GetFiles(@"C:\base", pattern).Select(path => Fs.Path.GetFileName(path)),
            Is.EquivalentTo(expected.Split(' ', StringSplitOptions.RemoveEmptyEntries)));
    }

    [Test]
    public void GetFiles_Paths_ShouldBeginAsGiven()
    {
        Fs.Directory.CreateDirectory(@"d\e");
        Fs.File.WriteAllText(@"d\f", "");

        Assert.That(Fs.Directory.GetFiles("d"), Is.EqualTo([@"d\f"]));
        Assert.That(Fs.Directory.GetFiles("d/"), Is.EqualTo(["d/f"]));
        Assert.That(Fs.Directory.GetFiles(".", @"d\*"), Is.EqualTo([@".\d\f"]));
        Assert.That(Fs.Directory.GetFileSystemEntries(@"d\e", "../f"), Is.EqualTo([@"d\e\..\f"]));
        Assert.That(Fs.Directory.GetDirectories(@"C:\", "*", SearchOption.AllDirectories), Does.Contain(@"C:\base\d\e"));
    }

    [Test]
    public void Enumerate_DefaultOptions_ShouldSkipHiddenAndNotRecurse()
    {
        Fs.Directory.CreateDirectory("d");
        Fs.File.WriteAllText(@"d\deep", "");
        Fs.File.WriteAllText("seen", "");
        Fs.File.WriteAllText("hidden", "");
        Fs.File.SetAttributes("hidden", FileAttributes.Hidden);

        Assert.That(Fs.Directory.EnumerateFileSystemEntries(".", "*", new EnumerationOptions()), Is.EqualTo([@".\d", @".\seen"]));
        Assert.That(
            Fs.Directory.EnumerateFiles(".", "*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.None }),
            Is.EqualTo([@".\hidden", @".\seen", @".\d\deep"]));
        Assert.That(
            Fs.Directory.EnumerateFiles(".", "S*", new EnumerationOptions { MatchCasing = MatchCasing.CaseSensitive }), Is.Empty);
        Assert.That(
            Fs.Directory.GetDirectories(".", "*", new EnumerationOptions { ReturnSpecialDirectories = true }),
            Is.EqualTo([@".\.", @".\..", @".\d"]));
    }

    [Test]
    public void Enumerate_BadPattern_ShouldThrow()
    {
        Assert.That(
            Assert.Throws<ArgumentNullException>(() => Fs.Directory.GetFiles(".", null!))!.ParamName, Is.EqualTo("searchPattern"));
        Assert.Throws<ArgumentException>(() => Fs.Directory.GetFiles(".", @"C:\x"));
        Assert.Throws<ArgumentException>(() => Fs.Directory.GetFiles(".", "a\0"));
        Assert.Throws<ArgumentOutOfRangeException>(() => Fs.Directory.GetFiles(".", "*", (SearchOption)7));
    }

    [Test]
    public void Links_ShouldBeFollowedAndShown()
    {
        Fs.Directory.CreateDirectory("target");
        Fs.File.WriteAllText(@"target\f", "x");
        Subject.Volume.CreateDirectory("base/junction");
        Subject.Volume.SetReparsePoint(
            "base/junction", ReparseTags.MountPoint, ReparseTags.DataFor(ReparseTags.MountPoint, @"\??\C:\base\target"));
        Subject.Volume.CreateDirectory("base/loop");
        Subject.Volume.SetReparsePoint(
            "base/loop", ReparseTags.MountPoint, ReparseTags.DataFor(ReparseTags.MountPoint, @"\??\C:\base\loop"));

        Assert.That(Fs.File.ReadAllText(@"junction\f"), Is.EqualTo("x"));
        Assert.That(Fs.DirectoryInfo.FromDirectoryName("junction").LinkTarget, Is.EqualTo(@"C:\base\target"));
        Assert.That(
            Fs.File.GetAttributes("junction"), Is.EqualTo(FileAttributes.Directory | FileAttributes.ReparsePoint));
        Assert.Throws<IOException>(() => Fs.File.ReadAllText(@"loop\f"));
        Fs.Directory.Delete("junction", recursive: true);
        Assert.That(Fs.File.Exists(@"target\f"), Is.True);
    }

    [Test]
    public void CurrentDirectory_ShouldBeKeptWhileItIsCurrent()
    {
        Fs.Directory.CreateDirectory("d");
        Fs.Directory.SetCurrentDirectory(@"d\");

        Assert.That(Fs.Directory.GetCurrentDirectory(), Is.EqualTo(@"C:\base\d"));
        Refusal.Of<IOException>(() => Fs.Directory.Delete(@"C:\base\d"), Refusal.Sharing);
    }

    [Test]
    public void GetFiles_DriveRelative_ShouldBeginWithTheDrive()
    {
        Fs.File.WriteAllText("f", "");

        Assert.That(Fs.Directory.GetFiles("C:"), Is.EqualTo(["C:f"]));
    }

    [Test]
    public void GetFiles_BadArguments_ShouldNameTheParameterOfDotNet()
    {
        Assert.That(
            Assert.Throws<ArgumentOutOfRangeException>(() => Fs.Directory.GetFiles(".", "*", (SearchOption)2))!.ParamName,
            Is.EqualTo("searchOption"));
        Assert.That(Assert.Throws<ArgumentException>(() => Fs.Directory.GetFiles(".", @"\x"))!.ParamName, Is.EqualTo("expression"));
    }

    [Test]
    public void GetFiles_ShouldCostWhatTheDirectoryHoldsAndNotTheVolume()
    {
        Fs.Directory.CreateDirectory("few");
        for (var i = 0; i < 100; i++)
        {
            Subject.Volume.CreateFile($"base/few/{i}");
        }

        var alone = Allocated();
        Subject.Volume.CreateDirectory("many");
        for (var i = 0; i < 20_000; i++)
        {
            Subject.Volume.CreateFile($"many/{i}");
        }

        Assert.That(Allocated(), Is.LessThan(alone * 1.1));

        long Allocated()
        {
            Assert.That(Fs.Directory.GetFiles("few"), Has.Length.EqualTo(100));
            var before = GC.GetAllocatedBytesForCurrentThread();
            _ = Fs.Directory.GetFiles("few");
            return GC.GetAllocatedBytesForCurrentThread() - before;
        }
    }
}
