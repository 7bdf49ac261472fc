using NUnit.Framework;

namespace Harness.Tests.FileSystem.Files;

/// <summary>CopyFile writes into a stream but copies none out; MoveFileEx does neither.</summary>
[TestFixture]
internal sealed class StreamPathTests : WindowsSubject
{
    [Test]
    public void Copy_IntoAStreamAndOut_OnlyInIsAllowed()
    {
        Fs.File.WriteAllText("file", "x");

        Fs.File.Copy("file", "file:s");

        Assert.That(Fs.File.ReadAllText("file:s"), Is.EqualTo("x"));
        Refusal.Of<IOException>(() => Fs.File.Copy("file:s", "g"), unchecked((int)0x80070057));
        Assert.That(Fs.File.Exists("g"), Is.False);
    }

    [Test]
    public void Move_ToOrFromAStream_ShouldBeRefused()
    {
        Fs.File.WriteAllText("file", "x");
        Refusal.Of<IOException>(() => Fs.File.Move("file", "file:s"), Refusal.InvalidName);

        Fs.File.WriteAllText("file:s", "y");
        Refusal.Of<IOException>(() => Fs.File.Move("file:s", "g"), unchecked((int)0x80070057));
    }

    [Test]
    public void Move_Refused_ShouldNameNoPath()
    {
        Fs.File.WriteAllText("file", "x");
        Fs.File.WriteAllText("g", "y");

        Assert.That(
            Assert.Throws<IOException>(() => Fs.File.Move("file", "g"))!.Message,
            Is.EqualTo("Cannot create a file when that file already exists."));
        Assert.That(
            Assert.Throws<DirectoryNotFoundException>(() => Fs.File.Move("file", @"no\g"))!.Message,
            Is.EqualTo("Could not find a part of the path."));
        Refusal.Of<FileNotFoundException>(() => Fs.File.Move("*", "h"), Refusal.FileNotFound, @"'C:\base\*'");
    }

    [Test]
    public void DirectoryMove_FileWithSeparatorAtItsEnd_ShouldBeRefused()
    {
        Fs.File.WriteAllText("file", "x");

        Refusal.Of<IOException>(() => Fs.Directory.Move(@"file\", "g"), Refusal.InvalidName);
        Fs.Directory.Move("file", @"g\");
        Assert.That(Fs.File.Exists("g"), Is.True);
    }
}
