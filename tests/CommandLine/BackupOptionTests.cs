using Harness.Engine.Local.Scratch;
using NUnit.Framework;

namespace Harness.Tests.CommandLine;

/// <summary>The options of a backup that hold it back, speed it up, widen it, or only ask: good values, bad ones, and what they do.</summary>
[TestFixture]
[Platform("Linux", Reason = "Directories are read on Linux.")]
[Parallelizable]
public sealed class BackupOptionTests
{
    [TestCase("--limit-upload fast", "--limit-upload: 'fast' is no rate: it does not begin with a number")]
    [TestCase("--limit-upload -5M", "--limit-upload: '-5M' is no rate: it does not begin with a number")]
    [TestCase("--limit-upload 0", "--limit-upload: '0' is no rate: a limit is from 1 byte to 1 TiB in a second")]
    [TestCase("--limit-upload 9999999T", "--limit-upload: '9999999T' is no rate: 'T' is no unit")]
    [TestCase("--limit-upload 99999999G", "from 1 byte to 1 TiB")]
    [TestCase("--limit-upload 10Mbps", "--limit-upload: '10Mbps' is no rate: 'Mbps' may mean bits or bytes")]
    [TestCase("--limit-download 1,5M", "--limit-download: '1,5M' is no rate: ',5M' is no unit")]
    [TestCase("--limit-download 1.5.5M", "--limit-download: '1.5.5M' is no rate")]
    [TestCase("--work-hours 9to5 --work-limit-upload 1M", "--work-hours: '9to5' is no window of work hours")]
    [TestCase("--work-hours 09:00-25:00 --work-limit-upload 1M", "--work-hours: '09:00-25:00' is no window")]
    [TestCase("--work-hours 9-17", "--work-hours says nothing without a limit")]
    [TestCase("--work-hours 9-17 --work-limit-upload 1M --work-days monday", "--work-days: 'monday' is no work day")]
    [TestCase("--work-hours 9-17 --work-limit-upload 1M --work-days mon-", "--work-days: 'mon-' is no work day")]
    [TestCase("--work-hours 9-17 --work-limit-upload 1M --work-zone Moon/Crater", "--work-zone: 'Moon/Crater' is no time zone")]
    [TestCase("--work-hours 9-17 --work-limit-upload much", "--work-limit-upload: 'much' is no rate")]
    [TestCase("--work-hours 9-17 --work-limit-download 0", "--work-limit-download: '0' is no rate")]
    [TestCase("--work-limit-upload 1M", "--work-limit-upload says nothing without work hours. Give --work-hours too.")]
    [TestCase("--work-limit-download 1M", "--work-limit-download says nothing without work hours")]
    [TestCase("--work-days mon", "--work-days says nothing without work hours")]
    [TestCase("--work-zone UTC", "--work-zone says nothing without work hours")]
    [TestCase("--uploads 0", "--uploads: '0' is not a whole number from 1 to 32")]
    [TestCase("--uploads 33", "--uploads: '33' is not a whole number from 1 to 32")]
    [TestCase("--uploads two", "--uploads: 'two' is not a whole number from 1 to 32")]
    [TestCase("--uploads -1", "--uploads: '-1' is not a whole number from 1 to 32")]
    [TestCase("--uploads 1.5", "--uploads: '1.5' is not a whole number from 1 to 32")]
    [TestCase("--workers 0", "--workers: '0' is not a whole number from 1 to 256")]
    [TestCase("--workers 257", "--workers: '257' is not a whole number from 1 to 256")]
    [TestCase("--workers 99999999999999999999", "--workers: '99999999999999999999' is not a whole number from 1 to 256")]
    [TestCase("--preserve everything", "--preserve: 'everything' is nothing that can be preserved; reparse-points and hard-links are")]
    [TestCase("--preserve hard-links,sockets", "--preserve: 'sockets' is nothing")]
    [TestCase("--preserve hard-links,", "--preserve: '' is nothing")]
    [TestCase("--preserve", "--preserve")]
    [TestCase("--limit-upload", "--limit-upload")]
    public async Task Option_BadValue_IsRefusedWithItsNameAndTheRuleBeforeAnythingIsTouched(string option, string message)
    {
        using var area = new WorkArea();

        var run = (await InProcess.BackupAsync(area, option.Split(' '))).Expect(5);

        Assert.That(run.Json.GetProperty("error").GetProperty("code").GetString(), Is.EqualTo("ArgumentInvalid"));
        Assert.That(run.Json.GetProperty("error").GetProperty("message").GetString(), Does.Contain(message));
        Assert.That(run.Error.Split('\n')[0], Does.StartWith("error ArgumentInvalid: ").And.Contain(message));
        Assert.That(Directory.Exists(area.VaultDirectory) || Directory.Exists(area.In("scratch")), Is.False);
    }

    [Test]
    public async Task Scratch_AnotherJobHasIt_IsRefusedAndADryRunIsNot()
    {
        using var area = new WorkArea();
        Directory.CreateDirectory(area.In("scratch"));
        using var other = new LocalScratch(area.In("scratch"), exclusive: true);
        await other.GetLengthAsync("state", default);

        var run = (await InProcess.BackupAsync(area)).Expect(5);

        Assert.That(run.Json.GetProperty("error").GetProperty("code").GetString(), Is.EqualTo("JobInProgress"));
        Assert.That(run.Error, Does.Contain("one job at a time"));
        Assert.That(Directory.Exists(area.VaultDirectory), Is.False);
        (await InProcess.BackupAsync(area, "--dry-run")).Expect(0);
    }

    [TestCase("--limit-upload 512")]
    [TestCase("--limit-upload 1.5M --limit-download 10MiB")]
    [TestCase("--limit-upload 10MB/s --limit-download 100Mbit/s")]
    [TestCase("--work-hours 09:00-18:00 --work-limit-upload 5M")]
    [TestCase("--work-hours 22:00-06:00 --work-days mon,wed,sat-sun --work-zone Europe/Berlin --work-limit-upload 5M --work-limit-download 1G")]
    [TestCase("--work-hours 9-24:00 --limit-upload 20M")]
    [TestCase("--uploads 1")]
    [TestCase("--uploads 32 --workers 1")]
    [TestCase("--workers 256")]
    public async Task Option_GoodValue_ProtectsAsWithoutIt(string options)
    {
        using var area = new WorkArea();
        area.Write("a.bin", new byte[70_000]);

        var report = (await InProcess.BackupAsync(area, options.Split(' '))).Expect(0).Json;

        Assert.That(report.GetProperty("protected").GetProperty("files").GetInt64(), Is.EqualTo(1));
        Assert.That(report.GetProperty("recoveryPoint").GetInt64(), Is.EqualTo(1));
    }

    [Test]
    public async Task Restore_BadLimit_IsRefusedLikewise()
    {
        var run = await InProcess.RunAsync(["restore", "--vault", "memory", "--target", "t", "--limit-download", "quick"]);

        Assert.That(run.Expect(5).Error, Does.Contain("--limit-download: 'quick' is no rate"));
    }

    [TestCase("--preserve", "hard-links", "--preserve", "reparse-points")]
    [TestCase("--preserve", "hard-links,reparse-points")]
    public async Task Preserve_BothModes_ProtectAndNameTheClausesThatAreSetAside(params string[] preserve)
    {
        using var area = new WorkArea();
        area.Write("a.txt", "two names"u8);
        await LinkAsync(area, "a.txt", "b.txt");
        File.CreateSymbolicLink(Path.Combine(area.Source, "link"), "a.txt");

        var plain = (await InProcess.BackupAsync(area)).Expect(0).Json;
        var kept = (await InProcess.BackupAsync(area, preserve)).Expect(0).Json;

        Assert.That(Of(plain, "skipped", "clause"), Is.EqualTo(new[] { "file.hard-link", "file.hard-link", "file.reparse-point" }));
        Assert.That(Of(plain, "warnings", "code"), Has.None.EqualTo("rule-set-aside"));
        Assert.That(Of(kept, "skipped", "path"), Is.Empty);
        Assert.That(
            kept.GetProperty("warnings").EnumerateArray().Where(note => note.GetProperty("code").GetString() == "rule-set-aside")
                .Select(note => note.GetProperty("clause").GetString()),
            Is.EqualTo(new[] { "file.hard-link", "file.reparse-point" }));
        Assert.That(Of(kept, "fallbacks", "code"), Is.Not.Empty);
    }

    [Test]
    public async Task DryRun_AsText_SaysTheWayAndWhatWouldBeRead()
    {
        using var area = new WorkArea();
        area.Write("a.bin", new byte[5000]);
        string[] dry =
        [
            "backup", area.Source, "--vault", area.Vault, "--passphrase-file", area.PassphraseFile, "--allow-case-sensitive",
            "--scratch", area.In("scratch"), "--dry-run",
        ];

        var full = await InProcess.RunAsync(dry);
        (await InProcess.BackupAsync(area)).Expect(0);
        area.Write("b.bin", new byte[3000]);
        var before = Directory.GetFiles(area.VaultDirectory, "*", SearchOption.AllDirectories);
        var scan = await InProcess.RunAsync(dry);

        Assert.That(full.Expect(0).Out, Does.StartWith("Dry run: full backup of 'source' under dpm-classic-2018. Nothing was written.")
            .And.Contain("planned    everything is read, since there is no recovery point yet; would read 4.9 KiB of 1 file"));
        Assert.That(scan.Expect(0).Out, Does.Contain("planned    every entry is listed to find what changed; would read")
            .And.Contain("fallback   no-change-journal"));
        Assert.That(Directory.GetFiles(area.VaultDirectory, "*", SearchOption.AllDirectories), Is.EqualTo(before));
    }

    [Test]
    public async Task Report_OfEachRun_IsWhatTheSchemaSays()
    {
        using var area = new WorkArea();
        area.Write("a.bin", new byte[5000]);
        var schema = System.Text.Json.JsonDocument.Parse((await InProcess.RunAsync(["schema", "backup"])).Expect(0).Out).RootElement;
        (string Run, int Exit, string[] Options)[] runs =
        [
            ("dry", 0, ["--dry-run"]), ("full", 0, []), ("nothing changed", 0, []), ("forced scan", 0, ["--full-scan"]),
            ("refused", 5, ["--limit-upload", "0"]), ("failed", 5, ["--profile", "none-such"]),
        ];

        foreach (var (name, exit, options) in runs)
        {
            var document = (await InProcess.BackupAsync(area, options)).Expect(exit).Json;

            SchemaMatch.Require(schema.GetProperty("oneOf")[exit == 0 ? 0 : 1], document, name);
        }
    }

    private static async Task LinkAsync(WorkArea area, string name, string other)
    {
        using var link = System.Diagnostics.Process.Start("ln", [Path.Combine(area.Source, name), Path.Combine(area.Source, other)]);
        await link.WaitForExitAsync();
    }

    private static IEnumerable<string?> Of(System.Text.Json.JsonElement document, string list, string name) =>
        document.GetProperty(list).EnumerateArray().Select(item => item.GetProperty(name).GetString());
}
