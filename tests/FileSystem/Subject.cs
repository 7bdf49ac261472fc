using System.IO.Abstractions;
using Harness.Simulator.FileSystem;
using Harness.Simulator.Kernel;
using Harness.Simulator.Volume;
using NUnit.Framework;

namespace Harness.Tests.FileSystem;

/// <summary>A file system under test with a directory of its own. The same tests run on every subject.</summary>
internal abstract class Subject : IDisposable
{
    public abstract IFileSystem FileSystem { get; }

    /// <summary>Full path of an empty directory.</summary>
    public abstract string Base { get; }

    public string At(params string[] names) => FileSystem.Path.Combine([Base, .. names]);

    public virtual void Dispose()
    {
    }
}

/// <summary>A simulated Windows volume; its own directory is the current one.</summary>
internal sealed class SimSubject : Subject
{
    public SimSubject(SimFileSystemOptions? options = null, VolumeSettings? settings = null)
    {
        Clock = new SimClock();
        Volume = new SimVolume(settings ?? new VolumeSettings { Label = "sim" }, Clock);
        Sim = new SimFileSystem(Volume, options);
        Sim.Directory.CreateDirectory(Base);
        Sim.Directory.SetCurrentDirectory(Base);
    }

    public SimClock Clock { get; }

    public SimVolume Volume { get; }

    public SimFileSystem Sim { get; }

    public override IFileSystem FileSystem => Sim;

    public override string Base => @"C:\base";
}

/// <summary>The host's own file system, for what every operating system agrees on.</summary>
internal sealed class HostSubject : Subject
{
    public override IFileSystem FileSystem { get; } = new System.IO.Abstractions.FileSystem();

    public override string Base { get; } = Directory.CreateTempSubdirectory("subject").FullName;

    public override void Dispose() => Directory.Delete(Base, recursive: true);
}

/// <summary>Tests that hold on every subject.</summary>
internal abstract class EverySubject<T>
    where T : Subject
{
    protected Subject Subject { get; private set; } = null!;

    protected IFileSystem Fs => Subject.FileSystem;

    [SetUp]
    public void MakeSubject() => Subject = typeof(T) == typeof(SimSubject) ? new SimSubject() : new HostSubject();

    [TearDown]
    public void DropSubject() => Subject.Dispose();
}

/// <summary>Tests of what Windows alone does.</summary>
internal abstract class WindowsSubject
{
    protected SimSubject Subject { get; private set; } = null!;

    protected SimFileSystem Fs => Subject.Sim;

    [SetUp]
    public void MakeSubject() => Subject = new SimSubject();

    [TearDown]
    public void DropSubject() => Subject.Dispose();
}

/// <summary>What .NET on Windows throws, by HResult.</summary>
internal static class Refusal
{
    public const int FileNotFound = unchecked((int)0x80070002);
    public const int PathNotFound = unchecked((int)0x80070003);
    public const int AccessDenied = unchecked((int)0x80070005);
    public const int Sharing = unchecked((int)0x80070020);
    public const int Locked = unchecked((int)0x80070021);
    public const int FileExists = unchecked((int)0x80070050);
    public const int InvalidName = unchecked((int)0x8007007B);
    public const int NotEmpty = unchecked((int)0x80070091);
    public const int AlreadyExists = unchecked((int)0x800700B7);
    public const int NotADirectory = unchecked((int)0x8007010B);
    public const int DiskFull = unchecked((int)0x80070070);
    public const int PlainIO = unchecked((int)0x80131620);

    /// <summary>The call throws exactly this type with this HResult, and the message has the text.</summary>
    public static void Of<T>(Action call, int hresult, string text = "")
        where T : Exception
    {
        var thrown = Assert.Throws<T>(() => call())!;
        Assert.That(thrown.HResult, Is.EqualTo(hresult), thrown.Message);
        Assert.That(thrown.Message, Does.Contain(text));
    }
}
