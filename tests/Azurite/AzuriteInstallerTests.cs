using System.Text.Json;
using Harness.Engine.Errors;
using Harness.Scenarios.Azurite;
using Harness.Tests.Support;
using NUnit.Framework;

namespace Harness.Tests.Azurite;

[TestFixture]
public sealed class AzuriteInstallerTests
{
    private string _cache = null!;

    [SetUp]
    public void MakeCache() => _cache = Directory.CreateTempSubdirectory("harness-azurite-").FullName;

    [TearDown]
    public void DeleteCache() => Directory.Delete(_cache, recursive: true);

    [Test]
    public async Task Ensure_NpmNotOnThePath_ThrowsNodeMissingAndNamesTheEmbeddedVault()
    {
        AzuriteSettings settings = new() { CacheRoot = _cache, SearchPath = "/nowhere" };

        BackupException error = await BackupErrors.ExpectAsync(
            ErrorCode.NodeMissing, () => new AzuriteInstaller(settings).EnsureAsync(CancellationToken.None));

        Assert.That(error.Remedy, Does.Contain("--vault memory").And.Contain("nodejs.org"));
    }

    [Test]
    public async Task Ensure_NamedNodeDoesNotExist_ThrowsNodeMissing()
    {
        AzuriteSettings settings = new() { CacheRoot = _cache, InstalledDirectory = FakeInstallation(), NodePath = "/no/node" };

        BackupException error = await BackupErrors.ExpectAsync(
            ErrorCode.NodeMissing, () => new AzuriteInstaller(settings).EnsureAsync(CancellationToken.None));

        Assert.That(error.Message, Does.Contain("/no/node"));
    }

    [Test]
    public async Task Ensure_OldNodeOnThePath_ThrowsNodeMissingWithItsVersion()
    {
        RequireShell();
        AzuriteSettings settings = new()
        {
            CacheRoot = _cache,
            InstalledDirectory = FakeInstallation(),
            SearchPath = Program("node", "echo v18.19.0"),
        };

        BackupException error = await BackupErrors.ExpectAsync(
            ErrorCode.NodeMissing, () => new AzuriteInstaller(settings).EnsureAsync(CancellationToken.None));

        Assert.That(error.Message, Does.Contain("v18.19.0"));
    }

    [Test]
    public async Task Ensure_RecentNodeOnThePath_IsUsed()
    {
        RequireShell();
        AzuriteSettings settings = new()
        {
            CacheRoot = _cache,
            InstalledDirectory = FakeInstallation(),
            SearchPath = Program("node", "echo v22.1.0"),
        };

        AzuriteInstallation found = await new AzuriteInstaller(settings).EnsureAsync(CancellationToken.None);

        Assert.That(found.NodePath, Is.EqualTo(Path.Join(settings.SearchPath, "node")));
    }

    [Test]
    public async Task Ensure_GivenDirectoryWithoutAzurite_ThrowsInstallFailed()
    {
        AzuriteSettings settings = new() { CacheRoot = _cache, InstalledDirectory = _cache };

        BackupException error = await BackupErrors.ExpectAsync(
            ErrorCode.AzuriteInstallFailed, () => new AzuriteInstaller(settings).EnsureAsync(CancellationToken.None));

        Assert.That(error.Message, Does.Contain("HARNESS_AZURITE_DIR"));
    }

    [Test]
    public async Task Ensure_NpmFails_ThrowsInstallFailedWithItsOutputAndLeavesNothing()
    {
        RequireShell();
        AzuriteSettings settings = new() { CacheRoot = _cache, SearchPath = Program("npm", "echo no network here >&2; exit 1") };

        BackupException error = await BackupErrors.ExpectAsync(
            ErrorCode.AzuriteInstallFailed, () => new AzuriteInstaller(settings).EnsureAsync(CancellationToken.None));

        Assert.That(error.Message, Does.Contain("no network here"));
        Assert.That(Directory.GetDirectories(_cache), Is.EqualTo(new[] { settings.SearchPath }));
    }

    [Test]
    public async Task Ensure_EightAtOnce_InstallOnceAndClearAbandonedWork()
    {
        RequireShell();
        string count = Path.Join(_cache, "count");
        string npm = Program(
            "npm",
            $"echo x >> '{count}'; d=node_modules/azurite/dist/src/blob; /bin/mkdir -p $d; echo > $d/main.js; test -f package-lock.json");
        Program("node", "echo v22.0.0");
        AzuriteSettings settings = new() { CacheRoot = _cache, SearchPath = npm };
        string abandoned = Directory.CreateDirectory(Path.Join(_cache, AzuriteResources.LockId + ".old.tmp")).FullName;
        List<string> notes = [];

        AzuriteInstallation[] found = await Task.WhenAll(Enumerable.Range(0, 8).Select(
            _ => Task.Run(() => new AzuriteInstaller(settings, notes.Add).EnsureAsync(CancellationToken.None))));

        Assert.That(await File.ReadAllLinesAsync(count), Has.Length.EqualTo(1));
        Assert.That(found.Distinct().Count(), Is.EqualTo(1));
        Assert.That(File.Exists(found[0].MainScript), Is.True);
        Assert.That(notes, Has.Count.EqualTo(1));
        Assert.That(Directory.Exists(abandoned), Is.False);
    }

    [Test]
    public void LockFile_OfTheProject_PinsByHashAndNamesNoRegistry()
    {
        using JsonDocument lockFile = JsonDocument.Parse(AzuriteResources.Read(AzuriteResources.Lock));
        JsonProperty[] packages = [.. lockFile.RootElement.GetProperty("packages").EnumerateObject().Where(p => p.Name.Length > 0)];

        Assert.That(packages.Where(p => !p.Value.TryGetProperty("integrity", out _)).Select(p => p.Name), Is.Empty);
        Assert.That(packages.Where(p => p.Value.TryGetProperty("resolved", out _)).Select(p => p.Name), Is.Empty);
        Assert.That(
            packages.Single(p => p.Name == "node_modules/azurite").Value.GetProperty("version").GetString(), Is.EqualTo("3.37.0"));
    }

    [Test]
    public void FromEnvironment_CacheHome_IsHonoured()
    {
        AzuriteSettings settings = AzuriteSettings.FromEnvironment(
            name => name switch { "XDG_CACHE_HOME" => "/c", "HARNESS_AZURITE_DIR" => "/a", "HARNESS_NODE" => "/n", _ => null });

        Assert.That(settings.CacheRoot, Is.EqualTo(Path.Join("/c", "harness", "azurite")));
        Assert.That((settings.InstalledDirectory, settings.NodePath), Is.EqualTo(("/a", "/n")));
    }

    private static void RequireShell()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Ignore("Needs shell scripts that stand for node and npm.");
        }
    }

    private string FakeInstallation()
    {
        string folder = Path.Join(_cache, "fake");
        string blob = Path.Join(folder, "node_modules", "azurite", "dist", "src", "blob");
        Directory.CreateDirectory(blob);
        File.WriteAllText(Path.Join(blob, "main.js"), string.Empty);
        return folder;
    }

    /// <summary>Makes a folder with one shell script that stands for a program; returns the folder.</summary>
    private string Program(string name, string script)
    {
        string folder = Directory.CreateDirectory(Path.Join(_cache, "bin")).FullName;
        string path = Path.Join(folder, name);
        File.WriteAllText(path, $"#!/bin/sh\n{script}\n");
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }

        return folder;
    }
}
