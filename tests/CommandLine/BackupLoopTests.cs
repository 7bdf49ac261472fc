using System.Diagnostics;
using System.Text.Json;
using NUnit.Framework;

namespace Harness.Tests.CommandLine;

/// <summary>The main job on a real directory, by the real program: protect, edit, protect again, restore both, compare.</summary>
[TestFixture]
[Platform("Linux", Reason = "Directories are read on Linux.")]
public sealed class BackupLoopTests
{
    private const int Seed = 20180802;
    private const int HoleBytes = 8 << 20;
    private const int PageBytes = 4096;

    [Test]
    public async Task Loop_OnARealDirectory_RestoresBothRecoveryPointsExactly()
    {
        using var area = new WorkArea();
        string[] skipped = ["hard-a.txt", "hard-b.txt", "link"];
        await PopulateAsync(area);
        var before = await WorkArea.PictureAsync(area.Source);

        var first = (await area.BackupAsync()).Expect(0).Json;
        Edit(area);
        var after = await WorkArea.PictureAsync(area.Source);
        var second = (await area.BackupAsync()).Expect(0).Json;

        Assert.That(first.GetProperty("recoveryPoint").GetInt64(), Is.EqualTo(1));
        Assert.That(first.GetProperty("mode").GetString(), Is.EqualTo("full"));
        Assert.That(Paths(first, "skipped"), Is.EqualTo(skipped));
        Assert.That(Paths(first, "failed"), Is.Empty);
        Assert.That(second.GetProperty("recoveryPoint").GetInt64(), Is.EqualTo(2));
        Assert.That(second.GetProperty("mode").GetString(), Is.EqualTo("incremental"));
        Assert.That(second.GetProperty("changedBytes").GetInt64(), Is.LessThan(4 * PageBytes));
        Assert.That(second.GetProperty("sentBytes").GetInt64(), Is.LessThan((64 << 10) + (4 * PageBytes)));
        AssertSame(await WorkArea.PictureAsync(await area.RestoreAsync(1)), before, skipped);
        AssertSame(await WorkArea.PictureAsync(await area.RestoreAsync(2)), after, skipped);
        await AssertListAndCheckAsync(area);
    }

    [Test]
    public async Task Backup_AsJson_HasTheStableNames()
    {
        using var area = new WorkArea();
        area.Write("a.txt", "a"u8);

        var document = (await area.BackupAsync("--dry-run")).Expect(0).Json;

        string[] names =
        [
            "recoveryPoint", "mode", "fallbacks", "protected", "changedBytes", "readBytes", "sentBytes", "storedBytes", "requests",
            "scratchPeakBytes", "phases", "warnings", "skipped", "failed", "fullOnly",
        ];
        Assert.That(document.EnumerateObject().Select(p => p.Name), Is.SupersetOf(names));
        Assert.That(
            document.GetProperty("protected").EnumerateObject().Select(p => p.Name),
            Is.SupersetOf(new[] { "files", "logicalBytes", "allocatedBytes" }));
        Assert.That(document.GetProperty("recoveryPoint").ValueKind, Is.EqualTo(JsonValueKind.Null));
        Assert.That(Directory.Exists(area.VaultDirectory) && Directory.EnumerateFileSystemEntries(area.VaultDirectory).Any(), Is.False);
    }

    [Test]
    public async Task Backup_OfACaseSensitiveDirectory_IsRefusedWithTheClause()
    {
        using var area = new WorkArea();
        area.Write("a.txt", "a"u8);

        var run = (await area.RunAsync(
            "backup", area.Source, "--vault", area.Vault, "--passphrase-file", area.PassphraseFile)).Expect(5);

        Assert.That(run.Error, Does.Contain("error SourceCaseSensitive: ")
            .And.Contain("--allow-case-sensitive").And.Contain("Servers on case-sensitive file systems aren’t supported."));
    }

    [Test]
    public async Task Backup_AsText_SaysWhatWasSkippedAndByWhichWords()
    {
        using var area = new WorkArea();
        area.Write("a.txt", "a"u8);
        File.CreateSymbolicLink(Path.Combine(area.Source, "link"), "a.txt");

        var run = (await area.RunAsync(
            "backup", area.Source, "--vault", area.Vault, "--passphrase-file", area.PassphraseFile, "--allow-case-sensitive")).Expect(0);

        Assert.That(run.Out, Does.StartWith("Recovery point 1 in ").And.Contain("full backup of 'source'")
            .And.Contain("1 file in").And.Contain("reparse-point: 1, by file.reparse-point \"Reparse points (Skipped)\"").And.Contain("link"));
        Assert.That(run.Error, Does.Not.Contain(WorkArea.Passphrase));
    }

    private static async Task PopulateAsync(WorkArea area)
    {
        var random = new Random(Seed);
        var big = new byte[1 << 20];
        random.NextBytes(big);
        area.Write("big.bin", big);
        area.Write("empty.txt", []);
        area.Write("deep/er/and/deeper/note.txt", "note"u8);
        area.Write("naïve name, 名前.txt", "unicode"u8);
        area.Write("gone.txt", "deleted later"u8);
        area.Write("old-name.txt", "renamed later"u8);
        Directory.CreateDirectory(Path.Combine(area.Source, "empty-directory"));
        using (var sparse = File.Create(Path.Combine(area.Source, "sparse.bin")))
        {
            sparse.Seek(HoleBytes, SeekOrigin.Begin);
            sparse.Write(big.AsSpan(0, PageBytes));
            sparse.SetLength(2 * HoleBytes);
        }

        var hard = area.Write("hard-a.txt", "two names"u8);
        using (var link = Process.Start("ln", [hard, Path.Combine(area.Source, "hard-b.txt")]))
        {
            await link.WaitForExitAsync();
        }

        File.CreateSymbolicLink(Path.Combine(area.Source, "link"), "big.bin");
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(Path.Combine(area.Source, "empty.txt"), UnixFileMode.UserRead | UnixFileMode.GroupRead);
            File.SetUnixFileMode(Path.Combine(area.Source, "empty-directory"), UnixFileMode.UserRead | UnixFileMode.UserExecute);
        }

        File.SetLastWriteTimeUtc(Path.Combine(area.Source, "big.bin"), new DateTime(2001, 2, 3, 4, 5, 6, DateTimeKind.Utc).AddTicks(7));
    }

    private static void Edit(WorkArea area)
    {
        using (var big = File.OpenWrite(Path.Combine(area.Source, "big.bin")))
        {
            big.Seek(100 * PageBytes, SeekOrigin.Begin);
            big.Write("changed"u8);
        }

        File.Delete(Path.Combine(area.Source, "gone.txt"));
        File.Move(Path.Combine(area.Source, "old-name.txt"), Path.Combine(area.Source, "deep", "new-name.txt"));
        area.Write("added.txt", "added"u8);
    }

    private static async Task AssertListAndCheckAsync(WorkArea area)
    {
        var list = (await area.RunAsync(
            "recovery-points", "--vault", area.Vault, "--passphrase-file", area.PassphraseFile, "--json")).Expect(0).Json;
        Assert.That(
            list.GetProperty("recoveryPoints").EnumerateArray().Select(p => (p.GetProperty("sourceName").GetString(), p.GetProperty("recoveryPoint").GetInt64())),
            Is.EqualTo(new[] { ("source", 1L), ("source", 2L) }));
        var check = (await area.RunAsync(
            "check", "--vault", area.Vault, "--passphrase-file", area.PassphraseFile, "--read-data", "--json")).Expect(0).Json;
        Assert.That(check.GetProperty("ok").GetBoolean(), Is.True);
        Assert.That(check.GetProperty("segmentsRead").GetInt64(), Is.Positive);
    }

    private static void AssertSame(
        SortedDictionary<string, string> restored, SortedDictionary<string, string> source, string[] skipped)
    {
        foreach (var path in skipped)
        {
            source.Remove(path);
        }

        Assert.That(
            restored.Select(p => $"{p.Key}: {p.Value}"), Is.EqualTo(source.Select(p => $"{p.Key}: {p.Value}")));
    }

    private static IEnumerable<string?> Paths(JsonElement document, string list) =>
        document.GetProperty(list).EnumerateArray().Select(item => item.GetProperty("path").GetString());
}
