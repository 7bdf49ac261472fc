using NUnit.Framework;

namespace Harness.Tests.FileSystem.Files;

/// <summary>
/// Names that NTFS takes and Win32 does not ("Naming Files, Paths, and Namespaces"): made and reached behind <c>\\?\</c>.
/// </summary>
[TestFixture]
internal sealed class ExtendedNameTests : WindowsSubject
{
    private const string Extended = @"\\?\C:\base\";

    [TestCase("dot.")]
    [TestCase("space ")]
    [TestCase("both. .")]
    [TestCase(" ")]
    [TestCase("...")]
    [TestCase("CON")]
    [TestCase("nul.txt")]
    public void ExtendedName_ShouldBeMadeCopiedMovedAndDeleted(string name)
    {
        Fs.File.WriteAllText(Extended + name, "x");

        Assert.That(Fs.Directory.GetFiles(@"C:\base").Single(), Is.EqualTo(@"C:\base\" + name));
        Assert.That(Fs.File.Exists(Extended + name), Is.True);
        Fs.File.Copy(Extended + name, Extended + "copy.");
        Fs.File.Move(Extended + "copy.", Extended + "moved ");
        Fs.File.Delete(Extended + "moved ");
        Fs.File.Delete(Extended + name);
        Fs.Directory.CreateDirectory(Extended + name);
        Assert.That(Fs.Directory.Exists(Extended + name), Is.True);
        Fs.Directory.Delete(Extended + name);
        Assert.That(Fs.Directory.GetFileSystemEntries(@"C:\base"), Is.Empty);
    }

    [TestCase("a*")]
    [TestCase("a<b")]
    [TestCase("a\tb")]
    public void ExtendedName_ReservedCharacter_ShouldBeRefused(string name)
    {
        Refusal.Of<IOException>(() => Fs.File.Create(Extended + name), Refusal.InvalidName);
    }

    [Test]
    public void ListedInfo_NameEndsInPeriod_ShouldReachTheFile()
    {
        Fs.Directory.CreateDirectory(Extended + "d ");
        Fs.File.WriteAllText(Extended + @"d \f.", "x");

        var directory = Fs.DirectoryInfo.FromDirectoryName(@"C:\base").GetDirectories().Single();
        var file = directory.GetFiles().Single();
        using (var reader = file.OpenText())
        {
            Assert.That((file.Name, reader.ReadToEnd()), Is.EqualTo(("f.", "x")));
        }

        directory.Delete(recursive: true);
        Assert.That(Fs.Directory.GetFileSystemEntries(@"C:\base"), Is.Empty);
    }

    [Test]
    public void PlainPath_ShouldNotReachIt()
    {
        Fs.File.WriteAllText(Extended + "f.", "x");

        Assert.That(Fs.File.Exists(@"C:\base\f."), Is.False);
        Refusal.Of<IOException>(() => Fs.File.Create(@"C:\base\CON"), Refusal.InvalidName);
    }
}
