using Harness.Simulator.FileSystem;
using Harness.Simulator.Volume;
using NUnit.Framework;

namespace Harness.Tests.FileSystem.Files;

/// <summary>Exception types and HResults as .NET on Windows documents or shows them.</summary>
[TestFixture]
internal sealed class WindowsRefusalTests : WindowsSubject
{
    [Test]
    public void AnyMember_PathNullEmptyOrBlank_ShouldThrowArgumentExceptions()
    {
        Assert.That(Assert.Throws<ArgumentNullException>(() => Fs.File.ReadAllText(null!))!.ParamName, Is.EqualTo("path"));
        Assert.That(Assert.Throws<ArgumentException>(() => Fs.File.Delete(""))!.ParamName, Is.EqualTo("path"));
        Assert.That(Assert.Throws<ArgumentException>(() => Fs.File.Create("  "))!.ParamName, Is.EqualTo("path"));
        Assert.That(Assert.Throws<ArgumentException>(() => Fs.File.Copy("", "x"))!.ParamName, Is.EqualTo("sourceFileName"));
        Assert.That(Assert.Throws<ArgumentException>(() => Fs.File.Move("x", ""))!.ParamName, Is.EqualTo("destFileName"));
        Assert.That(Assert.Throws<ArgumentException>(() => Fs.Path.GetFullPath("a\0b"))!.Message, Does.StartWith("Null character in path."));
        Assert.That(Fs.File.Exists(null), Is.False);
        Assert.That(Fs.File.Exists("a?b"), Is.False);
        Assert.That(Fs.Directory.Exists(""), Is.False);
    }

    [Test]
    public void AnyMember_InvalidCharacter_ShouldThrowInvalidName()
    {
        Fs.File.WriteAllText("a", "x");
        Action[] calls =
        [
            () => Fs.File.WriteAllText("a?b", "x"), () => Fs.File.Delete("a<b"), () => Fs.File.GetAttributes("a|b"),
            () => Fs.File.GetLastWriteTime("a\tb"), () => Fs.File.Copy("a", "b*"), () => Fs.File.Move("a", "b\"c"),
            () => Fs.Directory.CreateDirectory("x>y"), () => Fs.File.Copy(@"C::\x\y", "b"), () => Fs.File.Create("dd:x:y:z"),
            () => Fs.File.Create(new string('n', 256)), () => Fs.File.Replace("a", "b?", null),
        ];
        foreach (var call in calls)
        {
            Refusal.Of<IOException>(call, Refusal.InvalidName, "The filename, directory name, or volume label syntax is incorrect");
        }
    }

    [TestCase("CON")]
    [TestCase("nul.txt")]
    [TestCase("LPT1")]
    public void Create_ReservedName_ShouldBeRefused(string name)
    {
        Refusal.Of<IOException>(() => Fs.File.Create($@"C:\base\{name}"), Refusal.InvalidName, name);
        Refusal.Of<IOException>(() => Fs.Directory.CreateDirectory($@"C:\base\{name}"), Refusal.InvalidName, name);
    }

    [Test]
    public void Open_WhatCannotBeOpened_ShouldThrowAsWindows()
    {
        Fs.Directory.CreateDirectory("d");
        Fs.File.WriteAllText("f", "x");
        Fs.File.WriteAllText("ro", "x");
        Fs.File.SetAttributes("ro", FileAttributes.ReadOnly);
        Fs.File.WriteAllText("hidden", "x");
        Fs.File.SetAttributes("hidden", FileAttributes.Hidden);

        Refusal.Of<IOException>(() => Fs.File.Open("f", FileMode.CreateNew), Refusal.FileExists, @"The file 'C:\base\f' already exists.");
        Refusal.Of<FileNotFoundException>(() => Fs.File.Open("no", FileMode.Truncate), Refusal.FileNotFound, @"Could not find file 'C:\base\no'.");
        Refusal.Of<DirectoryNotFoundException>(() => Fs.File.Create(@"f\x"), Refusal.PathNotFound, @"Could not find a part of the path 'C:\base\f\x'.");
        Refusal.Of<DirectoryNotFoundException>(() => Fs.File.OpenRead(@"Q:\x"), Refusal.PathNotFound, @"'Q:\x'");
        Refusal.Of<UnauthorizedAccessException>(() => Fs.File.OpenRead("d"), Refusal.AccessDenied, @"Access to the path 'C:\base\d' is denied.");
        Refusal.Of<UnauthorizedAccessException>(() => Fs.File.OpenWrite("ro"), Refusal.AccessDenied);
        Refusal.Of<UnauthorizedAccessException>(() => Fs.File.WriteAllText("hidden", "y"), Refusal.AccessDenied);
        Fs.File.AppendAllText("hidden", "y");
        Assert.That(Fs.File.ReadAllText("ro") + Fs.File.ReadAllText("hidden"), Is.EqualTo("xxy"));
    }

    [Test]
    public void Open_BadCombination_ShouldThrowArgumentException()
    {
        Assert.Throws<ArgumentException>(() => Fs.File.Open("f", FileMode.Create, FileAccess.Read));
        Assert.Throws<ArgumentException>(() => Fs.File.Open("f", FileMode.Append, FileAccess.ReadWrite));
        Assert.Throws<ArgumentOutOfRangeException>(() => Fs.File.Open("f", (FileMode)77));
        Assert.Throws<ArgumentOutOfRangeException>(() => Fs.FileStream.Create("f", FileMode.Open, FileAccess.Read, (FileShare)64));
        Assert.Throws<ArgumentOutOfRangeException>(() => Fs.File.Create("f", -1));
    }

    [Test]
    public void Delete_ByState_ShouldThrowAsWindows()
    {
        Fs.Directory.CreateDirectory("d");
        Fs.File.WriteAllText("ro", "x");
        Fs.File.SetAttributes("ro", FileAttributes.ReadOnly);
        using var open = Fs.File.Create("open");

        Fs.File.Delete("no");
        Refusal.Of<DirectoryNotFoundException>(() => Fs.File.Delete(@"no\no"), Refusal.PathNotFound);
        Refusal.Of<UnauthorizedAccessException>(() => Fs.File.Delete("d"), Refusal.AccessDenied);
        Refusal.Of<UnauthorizedAccessException>(() => Fs.File.Delete("ro"), Refusal.AccessDenied);
        Refusal.Of<IOException>(() => Fs.File.Delete("open"), Refusal.Sharing, @"'C:\base\open'");
    }

    [Test]
    public void Copy_ByState_ShouldThrowAsWindows()
    {
        Fs.File.WriteAllText("a", "x");
        Fs.File.WriteAllText("b", "y");
        Fs.Directory.CreateDirectory("d");

        Refusal.Of<IOException>(() => Fs.File.Copy("a", "b"), Refusal.FileExists, @"'C:\base\b'");
        Refusal.Of<IOException>(() => Fs.File.Copy("a", "a", true), Refusal.Sharing);
        Refusal.Of<FileNotFoundException>(() => Fs.File.Copy("no", "c"), Refusal.FileNotFound, @"'C:\base\no'");
        Refusal.Of<DirectoryNotFoundException>(() => Fs.File.Copy("a", @"no\c"), Refusal.PathNotFound);
        Refusal.Of<UnauthorizedAccessException>(() => Fs.File.Copy("d", "c"), Refusal.AccessDenied, @"'C:\base\d'");
        using (Fs.File.Open("a", FileMode.Open, FileAccess.Read, FileShare.None))
        {
            Refusal.Of<IOException>(() => Fs.File.Copy("a", "c"), Refusal.Sharing, @"'C:\base\a'");
        }

        Fs.File.SetAttributes("b", FileAttributes.ReadOnly);
        Refusal.Of<UnauthorizedAccessException>(() => Fs.File.Copy("a", "b", true), Refusal.AccessDenied, @"'C:\base\b'");
        Fs.File.Copy("b", "c");
        Assert.That(Fs.File.GetAttributes("c") & FileAttributes.ReadOnly, Is.EqualTo(FileAttributes.ReadOnly));
    }

    [Test]
    public void Move_ByState_ShouldThrowAsWindows()
    {
        Fs.File.WriteAllText("a", "x");
        Fs.File.WriteAllText("b", "y");
        Fs.Directory.CreateDirectory("d");

        Refusal.Of<IOException>(() => Fs.File.Move("a", "b"), Refusal.AlreadyExists, "Cannot create a file when that file already exists.");
        Refusal.Of<FileNotFoundException>(() => Fs.File.Move(@"no\no", "c"), Refusal.FileNotFound, @"'C:\base\no\no'");
        Refusal.Of<FileNotFoundException>(() => Fs.File.Move("d", "c"), Refusal.FileNotFound);
        Refusal.Of<DirectoryNotFoundException>(() => Fs.File.Move("a", @"no\c"), Refusal.PathNotFound);
        Refusal.Of<UnauthorizedAccessException>(() => Fs.File.Move("a", "d", true), Refusal.AccessDenied);
        using (Fs.File.OpenRead("a"))
        {
            Refusal.Of<IOException>(() => Fs.File.Move("a", "c"), Refusal.Sharing);
        }

        Fs.File.Move("a", "a");
        Fs.File.Move("a", "A");
        Assert.That(Fs.Directory.GetFiles(".", "a"), Is.EqualTo([@".\A"]));
    }

    [Test]
    public void Replace_ByState_ShouldThrowAsWindows()
    {
        Fs.File.WriteAllText("a", "x");
        Fs.File.WriteAllText("b", "y");
        Fs.Directory.CreateDirectory("d");

        Refusal.Of<FileNotFoundException>(() => Fs.File.Replace("no", "b", null), Refusal.FileNotFound);
        Refusal.Of<FileNotFoundException>(() => Fs.File.Replace("a", "no", "bak"), Refusal.FileNotFound);
        Refusal.Of<UnauthorizedAccessException>(() => Fs.File.Replace("d", "b", null), Refusal.AccessDenied);
        Refusal.Of<UnauthorizedAccessException>(() => Fs.File.Replace("a", "d", null), Refusal.AccessDenied);
        Fs.File.SetAttributes("a", FileAttributes.ReadOnly);
        Refusal.Of<UnauthorizedAccessException>(() => Fs.File.Replace("a", "b", "bak"), Refusal.AccessDenied);
        Fs.File.Replace("a", "b", "bak", ignoreMetadataErrors: true);
        Assert.That(Fs.File.ReadAllText("b") + Fs.File.ReadAllText("bak"), Is.EqualTo("xy"));
        Assert.That(Fs.File.GetAttributes("b") & FileAttributes.ReadOnly, Is.EqualTo(FileAttributes.ReadOnly));
    }

    [Test]
    public void Directories_ByState_ShouldThrowAsWindows()
    {
        Fs.Directory.CreateDirectory(@"d\e");
        Fs.Directory.CreateDirectory("ro");
        new DirectoryInfoAttributes(Fs).Add("ro", FileAttributes.ReadOnly);
        Fs.File.WriteAllText("f", "x");

        Refusal.Of<IOException>(() => Fs.Directory.Delete("d"), Refusal.NotEmpty, @"The directory is not empty. : 'C:\base\d'");
        Refusal.Of<DirectoryNotFoundException>(() => Fs.Directory.Delete("no", true), Refusal.PathNotFound, @"'C:\base\no'");
        Refusal.Of<IOException>(() => Fs.Directory.Delete("f"), Refusal.NotADirectory);
        Refusal.Of<IOException>(() => Fs.Directory.Delete("ro"), Refusal.PlainIO, @"Access to the path 'C:\base\ro' is denied.");
        Refusal.Of<IOException>(() => Fs.Directory.Delete(@"C:\base"), Refusal.NotEmpty);
        Refusal.Of<IOException>(() => Fs.Directory.CreateDirectory("f"), Refusal.AlreadyExists, @"Cannot create 'C:\base\f' because");
        Refusal.Of<IOException>(() => Fs.Directory.CreateDirectory(@"f\x"), Refusal.AlreadyExists, @"Cannot create 'C:\base\f' because");
        Refusal.Of<DirectoryNotFoundException>(() => Fs.Directory.CreateDirectory(@"Q:\x"), Refusal.PathNotFound);
        Refusal.Of<IOException>(() => Fs.Directory.Move("d", "D".ToLowerInvariant()), Refusal.PlainIO, "must be different");
        Refusal.Of<IOException>(() => Fs.Directory.Move("d", @"D:\d"), Refusal.PlainIO, "identical roots");
        Refusal.Of<DirectoryNotFoundException>(() => Fs.Directory.Move("no", "x"), Refusal.PathNotFound);
        Refusal.Of<IOException>(() => Fs.Directory.Move("d", "ro"), Refusal.AlreadyExists);
        Refusal.Of<IOException>(() => Fs.Directory.Move("d", @"d\e\x"), Refusal.Sharing);
        Refusal.Of<DirectoryNotFoundException>(() => Fs.Directory.GetFiles("no"), Refusal.PathNotFound, @"'C:\base\no'");
        Refusal.Of<IOException>(() => Fs.Directory.EnumerateFiles("f"), Refusal.NotADirectory);
        Refusal.Of<DirectoryNotFoundException>(() => Fs.Directory.SetCurrentDirectory("no"), Refusal.PathNotFound);
    }

    [Test]
    public void DirectoryMove_OpenFileBelow_ShouldBeDeniedAsIOException()
    {
        Fs.Directory.CreateDirectory(@"d\e");
        using var open = Fs.File.Create(@"d\e\f");

        Refusal.Of<IOException>(() => Fs.Directory.Move("d", "x"), Refusal.AccessDenied, @"'C:\base\d'");
        Refusal.Of<IOException>(() => Fs.Directory.Delete("d", true), Refusal.Sharing, "'f'");
        Assert.That(Fs.File.Exists(@"d\e\f"), Is.True);
    }

    [Test]
    public void Write_FullVolume_ShouldThrowDiskFull()
    {
        using var subject = new SimSubject(settings: new VolumeSettings { CapacityBytes = 1 << 20 });

        Refusal.Of<IOException>(
            () => subject.Sim.File.WriteAllBytes("big", new byte[2 << 20].Select((_, i) => (byte)((i & 0xFF) | 1)).ToArray()),
            Refusal.DiskFull,
            "There is not enough space on the disk");
    }

    [Test]
    public void Encrypt_OnFat_ShouldThrowNotSupported()
    {
        using var subject = new SimSubject(settings: new VolumeSettings { FileSystem = Harness.Engine.Model.FileSystemKind.Fat });
        subject.Sim.File.WriteAllText("a", "x");

#pragma warning disable CA1416 // The simulated Windows has EFS on every host.
        Assert.Throws<NotSupportedException>(() => subject.Sim.File.Encrypt("a"));
        Fs.File.WriteAllText("a", "x");
        Fs.File.Encrypt("a");
#pragma warning restore CA1416
        Assert.That(Fs.File.GetAttributes("a") & FileAttributes.Encrypted, Is.EqualTo(FileAttributes.Encrypted));
    }

    [Test]
    public void AccessControl_OnThisHost_ShouldBehaveAsTheRuntime()
    {
        Fs.File.WriteAllText("a", "x");
#pragma warning disable CA1416 // That it throws elsewhere is what is tested.
        if (OperatingSystem.IsWindows())
        {
            Assert.That(Fs.File.GetAccessControl("a"), Is.Not.Null);
        }
        else
        {
            Assert.Throws<PlatformNotSupportedException>(() => Fs.File.GetAccessControl("a"));
        }
#pragma warning restore CA1416
    }

    private sealed class DirectoryInfoAttributes(SimFileSystem fileSystem)
    {
        public void Add(string path, FileAttributes bits) =>
            fileSystem.DirectoryInfo.FromDirectoryName(path).Attributes |= bits;
    }
}
