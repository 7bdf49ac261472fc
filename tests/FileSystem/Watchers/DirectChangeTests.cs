using System.IO.Abstractions;
using Harness.Engine.Model;
using Harness.Simulator.FileSystem;
using Harness.Simulator.Volume;
using NUnit.Framework;

namespace Harness.Tests.FileSystem.Watchers;

/// <summary>Watchers hear what others do to the volume, and lose it as on Windows when they are too slow.</summary>
[TestFixture]
internal sealed class DirectChangeTests : WindowsSubject
{
    private const FileShare All = FileShare.ReadWrite | FileShare.Delete;

    private readonly List<string> _events = [];

    private SimVolume Volume => Subject.Volume;

    [SetUp]
    public void Clear() => _events.Clear();

    [Test]
    public void Operations_OnTheVolume_AreHeardOnceEach()
    {
        using var watcher = Watch();
        Volume.CreateFile("base/a", 10);
        Volume.Write("base/a", 0, [1]);
        Volume.SetEndOfFile("base/a", 5);
        Volume.SetAttributes("base/a", FileAttributes.Hidden);
        Volume.SetTimes("base/a", new EntryTimes(null, null, null, Timestamp.FromFileTime(1)));
        Volume.Rename("base/a", "base/b");
        Volume.CreateHardLink("base/c", "base/b");
        Volume.Delete("base/c");
        Volume.CreateDirectory("base/d");
        Volume.Rename("base/b", "base/d/b");
        Volume.Delete("base/d/b");

        Assert.That(_events, Is.EqualTo(new[]
        {
            "Created a", "Changed a", "Changed a", "Changed a", "Changed a", "Renamed a->b", "Created c", "Deleted c",
            "Created d", "Deleted b", @"Created d\b", @"Deleted d\b",
        }));
    }

    [TestCase(NotifyFilters.LastWrite, 3)]
    [TestCase(NotifyFilters.Size, 2)]
    [TestCase(NotifyFilters.Attributes, 1)]
    [TestCase(NotifyFilters.Security, 1)]
    [TestCase(NotifyFilters.CreationTime, 1)]
    [TestCase(NotifyFilters.LastAccess, 0)]
    [TestCase(NotifyFilters.FileName, 1)]
    [TestCase(NotifyFilters.DirectoryName, 0)]
    public void NotifyFilter_LetsThroughWhatItNames(NotifyFilters filter, int expected)
    {
        using var watcher = Watch();
        watcher.NotifyFilter = filter;

        Volume.CreateFile("base/a");
        Volume.Write("base/a", 0, [1]);
        Volume.Write("base/a", 0, [2]);
        Volume.SetEndOfFile("base/a", 2);
        Volume.SetAttributes("base/a", FileAttributes.System);
        Volume.SetSecurity("base/a", new EntrySecurity(SecurityKind.Windows, new byte[20]));
        Volume.SetTimes("base/a", new EntryTimes(Timestamp.FromFileTime(1), null, null, null));

        Assert.That(_events, Has.Count.EqualTo(expected), string.Join(", ", _events));
    }

    [Test]
    public void Handles_OfTheVolume_AreHeard_AndDeletionWhenTheNameGoes()
    {
        Volume.CreateFile("base/a");
        using var watcher = Watch();
        var handle = Volume.Open("base/a", FileAccess.ReadWrite, All, OpenOptions.DeleteOnClose);
        handle.Write(0, [1]);
        Assert.That(_events, Is.EqualTo(new[] { "Changed a" }));

        handle.Dispose();

        Assert.That(_events, Is.EqualTo(new[] { "Changed a", "Deleted a" }));
    }

    [Test]
    public void AnotherFileSystem_OverTheSameVolume_IsHeardOnce()
    {
        var other = new SimFileSystem(Volume, new SimFileSystemOptions { DriveLetter = 'X' });
        using var watcher = Watch();

        other.File.WriteAllText(@"X:\base\a", "x");
        other.File.Copy(@"X:\base\a", @"X:\base\b");
        using (other.File.Create(@"X:\base\t", 1, FileOptions.DeleteOnClose))
        {
        }

        other.Directory.Delete(@"X:\base", recursive: true);

        Assert.That(_events, Is.EqualTo(new[]
        {
            "Created a", "Changed a", "Created b", "Created t", "Deleted t", "Deleted a", "Deleted b", "Error Win32Exception",
        }));
        Assert.That(watcher.EnableRaisingEvents, Is.False);
    }

    [Test]
    public void Handler_ThatChangesTheVolume_IsToldOfItAfterwards()
    {
        using var watcher = Watch();
        var depth = 0;
        watcher.Created += (_, e) =>
        {
            depth++;
            Assert.That(depth, Is.EqualTo(1), "Handlers run one after the other.");
            if (e.Name == "a")
            {
                Volume.CreateFile("base/b");
                _events.Add("handled a");
            }

            depth--;
        };

        Volume.CreateFile("base/a");

        Assert.That(_events, Is.EqualTo(new[] { "Created a", "handled a", "Created b" }));
    }

    [TestCase(4096, 200, true)]
    [TestCase(8192, 200, false)]
    public void Hold_MoreThanTheBuffer_IsLostWithAnError(int bufferBytes, int files, bool overflows)
    {
        using var watcher = Watch();
        watcher.InternalBufferSize = bufferBytes;

        // Each takes 12 bytes and 8 for the name: 200 need 4,000 bytes, and the rename 2 * 20 more, the directory 14 + 2.
        using (Fs.HoldWatchers())
        {
            for (var i = 0; i < files; i++)
            {
                Volume.CreateFile($"base/f{i:D3}");
            }

            for (var i = 0; i < 10; i++)
            {
                Volume.Rename($"base/f{i:D3}", $"base/g{i:D3}");
            }

            Assert.That(_events, Is.Empty);
        }

        Assert.That(
            _events,
            overflows ? Is.EqualTo(new[] { "Error InternalBufferOverflowException" }) : Has.Count.EqualTo(files + 10));
        Volume.CreateFile("base/after");
        Assert.That(_events[^1], Is.EqualTo("Created after"));
    }

    [Test]
    public void Observer_HearsTheVolumeItself()
    {
        var heard = new Recorder();
        Volume.Observe(heard);
        Volume.Observe(heard);
        Volume.CreateDirectories("x/y");
        Fs.File.WriteAllText(@"C:\x\f", "text");
        Volume.StopObserving(heard);
        Volume.CreateFile("x/silent");

        Assert.That(heard.Notices, Is.EqualTo(new[] { "Created x", "Created x/y", "Created x/f", "Changed x/f" }));
    }

    private IFileSystemWatcher Watch()
    {
        var watcher = Fs.FileSystemWatcher.CreateNew(@"C:\base");
        void Note(object sender, FileSystemEventArgs e) => _events.Add($"{e.ChangeType} {e.Name}");
        watcher.IncludeSubdirectories = true;
        watcher.NotifyFilter = NotifyFilters.FileName | NotifyFilters.DirectoryName | NotifyFilters.Attributes
            | NotifyFilters.Size | NotifyFilters.LastWrite | NotifyFilters.LastAccess | NotifyFilters.CreationTime
            | NotifyFilters.Security;
        watcher.Created += Note;
        watcher.Changed += Note;
        watcher.Deleted += Note;
        watcher.Renamed += (_, e) => _events.Add($"Renamed {e.OldName}->{e.Name}");
        watcher.Error += (_, e) => _events.Add($"Error {e.GetException().GetType().Name}");
        watcher.EnableRaisingEvents = true;
        return watcher;
    }

    private sealed class Recorder : IVolumeObserver
    {
        public List<string> Notices { get; } = [];

        public void OnChanged(in VolumeNotice notice) => Notices.Add($"{notice.Kind} {notice.Path}");
    }
}
