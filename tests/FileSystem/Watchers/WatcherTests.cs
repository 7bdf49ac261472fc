using System.IO.Abstractions;
using NUnit.Framework;

namespace Harness.Tests.FileSystem.Watchers;

[TestFixture]
internal sealed class WatcherTests : WindowsSubject
{
    private readonly List<string> _events = [];

    [SetUp]
    public void Clear() => _events.Clear();

    [Test]
    public void Changes_InTheDirectory_ShouldBeRaisedBeforeTheCallReturns()
    {
        using var watcher = Watch();
        Fs.File.WriteAllText("a", "x");
        Fs.File.Move("a", "b");
        Fs.File.Delete("b");

        Assert.That(_events, Is.EqualTo([
            @"Created a C:\base\a", @"Changed a C:\base\a", @"Renamed a->b C:\base\b", @"Deleted b C:\base\b"]));
    }

    [Test]
    public void Changes_Below_ShouldNeedIncludeSubdirectories()
    {
        Fs.Directory.CreateDirectory(@"d\e");
        using var watcher = Watch();
        Fs.File.WriteAllText(@"d\e\f", "");
        Assert.That(_events, Is.Empty);

        watcher.IncludeSubdirectories = true;
        Fs.File.Delete(@"d\e\f");
        Assert.That(_events, Is.EqualTo([@"Deleted d\e\f C:\base\d\e\f"]));
    }

    [Test]
    public void Move_AcrossDirectories_ShouldBeDeletedAndCreated()
    {
        Fs.Directory.CreateDirectory("d");
        Fs.File.WriteAllText("a", "");
        using var watcher = Watch();
        watcher.IncludeSubdirectories = true;

        Fs.File.Move("a", @"d\a");

        Assert.That(_events, Is.EqualTo([@"Deleted a C:\base\a", @"Created d\a C:\base\d\a"]));
    }

    [TestCase(NotifyFilters.FileName, "Created")]
    [TestCase(NotifyFilters.DirectoryName, "")]
    [TestCase(NotifyFilters.Size, "Changed")]
    [TestCase(NotifyFilters.Attributes, "")]
    public void NotifyFilter_ShouldLetThroughWhatItNames(NotifyFilters filter, string expected)
    {
        using var watcher = Watch();
        watcher.NotifyFilter = filter;

        Fs.File.WriteAllText("a", "x");

        Assert.That(string.Join(',', _events.Select(text => text.Split(' ')[0])), Is.EqualTo(expected));
    }

    [Test]
    public void Filters_ShouldMatchTheNameWithoutCase()
    {
        using var watcher = Watch();
        watcher.Filter = "*.txt";
        watcher.Filters.Add("x.*");

        Fs.File.Create("A.TXT").Dispose();
        Fs.File.Create("x.log").Dispose();
        Fs.File.Create("y.log").Dispose();

        Assert.That(_events, Is.EqualTo([@"Created A.TXT C:\base\A.TXT", @"Created x.log C:\base\x.log"]));
    }

    [Test]
    public void EnableRaisingEvents_Off_ShouldBeSilent()
    {
        var watcher = Watch();
        watcher.EnableRaisingEvents = false;
        Fs.File.Create("a").Dispose();
        watcher.EnableRaisingEvents = true;
        watcher.Dispose();
        Fs.File.Create("b").Dispose();

        Assert.That(_events, Is.Empty);
        Assert.Throws<ObjectDisposedException>(() => watcher.EnableRaisingEvents = true);
    }

    [Test]
    public void Handler_MayUseTheFileSystem()
    {
        Fs.File.WriteAllText(@"C:\source", "");
        using var watcher = Fs.FileSystemWatcher.CreateNew(@"C:\base", "*.in");
        watcher.Created += (_, e) => Fs.File.Copy(e.FullPath, e.FullPath + ".out");
        watcher.EnableRaisingEvents = true;

        Fs.File.Copy(@"C:\source", "a.in");

        Assert.That(Fs.Directory.GetFiles("."), Is.EquivalentTo([@".\a.in", @".\a.in.out"]));
    }

    [Test]
    public void WaitForChanged_NothingHappens_ShouldTimeOut()
    {
        using var watcher = Watch();

        Assert.That(watcher.WaitForChanged(WatcherChangeTypes.All, 1).TimedOut, Is.True);
    }

    [Test]
    public void WaitForChanged_AnotherThreadChanges_ShouldReturnIt()
    {
        using var watcher = Fs.FileSystemWatcher.CreateNew(@"C:\base");
        using var stop = new CancellationTokenSource();
        var writer = Task.Run(() =>
        {
            while (!stop.IsCancellationRequested)
            {
                Fs.File.Create("a").Dispose();
                Fs.File.Delete("a");
            }
        });

        var result = watcher.WaitForChanged(WatcherChangeTypes.Deleted, 60_000);
        stop.Cancel();
        writer.Wait();

        Assert.That((result.TimedOut, result.ChangeType, result.Name), Is.EqualTo((false, WatcherChangeTypes.Deleted, "a")));
    }

    [Test]
    public void CreateNew_BadDirectory_ShouldThrowArgumentException()
    {
        Assert.Throws<ArgumentNullException>(() => Fs.FileSystemWatcher.CreateNew(null!));
        Assert.Throws<ArgumentException>(() => Fs.FileSystemWatcher.CreateNew(""));
        Assert.That(
            Assert.Throws<ArgumentException>(() => Fs.FileSystemWatcher.CreateNew(@"C:\no"))!.Message,
            Does.StartWith(@"The directory name 'C:\no' does not exist."));
        Assert.Throws<FileNotFoundException>(() => Fs.FileSystemWatcher.CreateNew().EnableRaisingEvents = true);
    }

    private IFileSystemWatcher Watch()
    {
        var watcher = Fs.FileSystemWatcher.CreateNew(@"C:\base");
        void Note(object sender, FileSystemEventArgs e) => _events.Add($"{e.ChangeType} {e.Name} {e.FullPath}");
        watcher.Created += Note;
        watcher.Changed += Note;
        watcher.Deleted += Note;
        watcher.Renamed += (_, e) => _events.Add($"Renamed {e.OldName}->{e.Name} {e.FullPath}");
        watcher.EnableRaisingEvents = true;
        return watcher;
    }
}
