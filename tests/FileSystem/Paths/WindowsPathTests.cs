using NUnit.Framework;

namespace Harness.Tests.FileSystem.Paths;

/// <summary>Expected values: "File path formats on Windows systems", and Path's own documentation for Windows.</summary>
[TestFixture]
internal sealed class WindowsPathTests : WindowsSubject
{
    [TestCase(@"a\b", @"C:\base\a\b")]
    [TestCase(@"a/b", @"C:\base\a\b")]
    [TestCase(@"\x", @"C:\x")]
    [TestCase(@"C:x", @"C:\base\x")]
    [TestCase(@"c:x", @"C:\base\x")]
    [TestCase(@"D:x", @"D:\x")]
    [TestCase(@"..\..\..\x", @"C:\x")]
    [TestCase(@"C:\a\.\b\..\c", @"C:\a\c")]
    [TestCase(@"C:\a\\b//c\", @"C:\a\b\c\")]
    [TestCase(@"C:\a\..\", @"C:\")]
    [TestCase(@"C:\a. ", @"C:\a")]
    [TestCase(@"C:\a.\b", @"C:\a\b")]
    [TestCase(@"C:\a..\b", @"C:\a..\b")]
    [TestCase(@"C:\a \b", @"C:\a \b")]
    [TestCase(@"\\server\share\..\x", @"\\server\share\x")]
    [TestCase(@"//server/share/x", @"\\server\share\x")]
    [TestCase(@"\\server\share", @"\\server\share")]
    [TestCase(@"\\?\C:\a\..\b. ", @"\\?\C:\a\..\b. ")]
    [TestCase(@"\\.\C:\a\..\b", @"\\.\C:\b")]
    [TestCase(@"\\.\..\..\..", @"\\.\")]
    [TestCase(@"\\server\share\.", @"\\server\share")]
    [TestCase(@"\\server\share\..", @"\\server\share")]
    [TestCase(@"\\server\share\ ", @"\\server\share\")]
    [TestCase("CON", @"\\.\CON")]
    [TestCase("com1", @"\\.\com1")]
    [TestCase(".", @"C:\base")]
    public void GetFullPath_ShouldBeThatOfWindows(string path, string expected)
    {
        Assert.That(Fs.Path.GetFullPath(path), Is.EqualTo(expected));
    }

    [TestCase(@"a\..\b", @"C:\x", @"C:\x\b")]
    [TestCase(@"\b", @"C:\x", @"C:\b")]
    [TestCase(@"C:b", @"C:\x", @"C:\x\b")]
    [TestCase(@"D:b", @"C:\x", @"D:\b")]
    [TestCase(@"..\b", @"\\?\C:\x\y", @"\\?\C:\x\b")]
    [TestCase(@"..\b", @"\\.\UNC\server\share", @"\\.\UNC\server\share\b")]
    [TestCase(@".\..\b\..\", @"\\?\UNC\server\share", @"\\?\UNC\server\share\")]
    public void GetFullPath_WithBase_ShouldBeThatOfWindows(string path, string basePath, string expected)
    {
        Assert.That(Fs.Path.GetFullPath(path, basePath), Is.EqualTo(expected));
        Assert.Throws<ArgumentException>(() => Fs.Path.GetFullPath(path, "relative"));
    }

    [TestCase(@"C:\a\b.txt", @"C:\", @"C:\a", "b.txt", ".txt")]
    [TestCase(@"C:a", "C:", "C:", "a", "")]
    [TestCase(@"\a", @"\", @"\", "a", "")]
    [TestCase(@"\\s\h\a.b.c", @"\\s\h", @"\\s\h", "a.b.c", ".c")]
    [TestCase(@"\\s\h", @"\\s\h", null, "", "")]
    [TestCase(@"C:\", @"C:\", null, "", "")]
    [TestCase(@"a/b\", "", @"a\b", "", "")]
    [TestCase(@"\\?\C:\a", @"\\?\C:\", @"\\?\C:\", "a", "")]
    [TestCase(@"C:\a\\b", @"C:\", @"C:\a", "b", "")]
    [TestCase("a.", "", "", "a.", "")]
    public void Parts_ShouldBeThoseOfWindows(string path, string root, string? directory, string name, string extension)
    {
        Assert.That(Fs.Path.GetPathRoot(path), Is.EqualTo(root));
        Assert.That(Fs.Path.GetDirectoryName(path), Is.EqualTo(directory));
        Assert.That(Fs.Path.GetFileName(path), Is.EqualTo(name));
        Assert.That(Fs.Path.GetExtension(path), Is.EqualTo(extension));
        Assert.That(Fs.Path.HasExtension(path), Is.EqualTo(extension.Length > 0));
    }

    [TestCase(@"C:\a", true, true)]
    [TestCase("C:a", true, false)]
    [TestCase(@"\a", true, false)]
    [TestCase(@"\\s\h", true, true)]
    [TestCase("a", false, false)]
    [TestCase("1:a", false, false)]
    public void IsPathRooted_AndFullyQualified_ShouldDiffer(string path, bool rooted, bool qualified)
    {
        Assert.That(Fs.Path.IsPathRooted(path), Is.EqualTo(rooted));
        Assert.That(Fs.Path.IsPathFullyQualified(path), Is.EqualTo(qualified));
    }

    [TestCase(@"C:\a\b", @"C:\a\c", @"..\c")]
    [TestCase(@"C:\a", @"c:\A\b", "b")]
    [TestCase(@"C:\a\b\c", @"C:\a", @"..\..")]
    [TestCase(@"C:\a", @"C:\a\", ".")]
    [TestCase(@"C:\a", @"D:\a", @"D:\a")]
    [TestCase(@"C:\ab", @"C:\a", @"..\a")]
    public void GetRelativePath_ShouldIgnoreCase(string from, string to, string expected)
    {
        Assert.That(Fs.Path.GetRelativePath(from, to), Is.EqualTo(expected));
    }

    [Test]
    public void Combine_AndJoin_ShouldTreatRootsDifferently()
    {
        Assert.That(Fs.Path.Combine(@"C:\a", @"\b"), Is.EqualTo(@"\b"));
        Assert.That(Fs.Path.Combine(@"C:\a", "D:b"), Is.EqualTo("D:b"));
        Assert.That(Fs.Path.Combine("a", "b", "c/", "d"), Is.EqualTo(@"a\b\c/d"));
        Assert.That(Fs.Path.Join(@"C:\a", @"\b"), Is.EqualTo(@"C:\a\b"));
        Assert.That(Fs.Path.Join("a", null, "b"), Is.EqualTo(@"a\b"));
        Assert.Throws<ArgumentNullException>(() => Fs.Path.Combine("a", null!));
    }

    [TestCase(@"C:\a.b\c", "txt", @"C:\a.b\c.txt")]
    [TestCase("a.old", ".new", "a.new")]
    [TestCase("a.old", "", "a.")]
    [TestCase("a.old", null, "a")]
    public void ChangeExtension_ShouldBeThatOfPath(string path, string? extension, string expected)
    {
        Assert.That(Fs.Path.ChangeExtension(path, extension), Is.EqualTo(expected));
    }

    [Test]
    public void Constants_ShouldBeThoseOfWindows()
    {
        Assert.That(
            (Fs.Path.DirectorySeparatorChar, Fs.Path.AltDirectorySeparatorChar, Fs.Path.PathSeparator, Fs.Path.VolumeSeparatorChar),
            Is.EqualTo(('\\', '/', ';', ':')));
        Assert.That(Fs.Path.GetInvalidFileNameChars(), Has.Length.EqualTo(41).And.Contains('?').And.Contains('\0'));
        Assert.That(Fs.Path.GetInvalidPathChars(), Has.Length.EqualTo(33));
        Assert.That(Fs.Path.TrimEndingDirectorySeparator(@"C:\"), Is.EqualTo(@"C:\"));
        Assert.That(Fs.Path.TrimEndingDirectorySeparator(@"C:\a\"), Is.EqualTo(@"C:\a"));
    }

    [Test]
    public void Temp_ShouldBeMadeAndNamedFromTheSeed()
    {
        var path = Fs.Path.GetTempFileName();

        Assert.That(path, Does.Match(@"^C:\\Temp\\tmp[0-9A-F]{4}\.tmp$"));
        Assert.That(Fs.FileInfo.FromFileName(path).Length, Is.Zero);
        Assert.That(Fs.Path.GetRandomFileName(), Does.Match(@"^[a-z0-5]{8}\.[a-z0-5]{3}$"));
        using var twin = new SimSubject();
        Assert.That(twin.Sim.Path.GetTempFileName(), Is.EqualTo(path));
    }

    [Test]
    public void GetFullPath_MoreThan32766Units_ShouldThrow()
    {
        var longest = @"C:\" + string.Concat(Enumerable.Repeat(@"aaaaaaaaa\", 3276));

        Assert.That(Fs.Path.GetFullPath(longest), Is.EqualTo(longest));
        Assert.Throws<PathTooLongException>(() => Fs.Path.GetFullPath(longest + "aaaa"));
        Assert.Throws<PathTooLongException>(() => Fs.Directory.CreateDirectory(longest + "aaaa"));
        Assert.That(Fs.File.Exists(longest + "aaaa") || Fs.Directory.Exists(longest + "aaaa"), Is.False);
    }

    [Test]
    public void EmptyAndNull_ShouldStayAsTheyAre()
    {
        Assert.That(Fs.Path.ChangeExtension("", "x"), Is.Empty);
        Assert.That(Fs.Path.TrimEndingDirectorySeparator(null!), Is.Null);
    }
}
