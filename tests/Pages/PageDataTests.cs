using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Harness.Engine.Errors;
using Harness.Engine.Rules;
using Harness.Scenarios.Reports;
using Harness.Scenarios.Reports.History;
using Harness.Scenarios.Running;
using Harness.Tests.Architecture;
using NUnit.Framework;

namespace Harness.Tests.Pages;

/// <summary>What is in the page and in the history, without a browser.</summary>
public sealed class PageDataTests
{
    private static readonly DateTimeOffset At = new(2026, 11, 23, 2, 0, 0, TimeSpan.Zero);

    [Test]
    public void Page_TwoThousandCells_StaysUnderOneMegabyteAndHasAll()
    {
        var results = PageResults.Make(2000);

        var page = HtmlReport.Render(results);

        var index = Part(page, "index");
        Assert.Multiple(() =>
        {
            Assert.That(Encoding.UTF8.GetByteCount(page), Is.LessThanOrEqualTo(1_000_000));
            Assert.That(index.GetProperty("cells").EnumerateArray().Select(c => c[0].GetString()), Is.EqualTo(results.Select(r => r.Id)));
            Assert.That(Packed(page, "packed-details").Sum(block => block.GetArrayLength()), Is.EqualTo(2000));
        });
    }

    [Test]
    public void Page_Rules_HaveEveryProfileWithItsClausesAndTables()
    {
        var rules = Packed(HtmlReport.Render(PageResults.Make(3)), "rules").Single();

        var profiles = rules.GetProperty("profiles").EnumerateArray().ToDictionary(p => p.GetProperty("id").GetString()!, p => p);
        Assert.That(profiles.Keys, Is.EquivalentTo(ProfileCatalog.Ids));
        var known = ProfileCatalog.Load(PageResults.Profile);
        var shown = profiles[PageResults.Profile];
        Assert.Multiple(() =>
        {
            Assert.That(
                shown.GetProperty("clauses").EnumerateArray().Select(c => rules.GetProperty("clauses")[c.GetInt32()].GetProperty("quote").GetString()),
                Is.EqualTo(known.Clauses.Select(c => c.Quote)));
            Assert.That(shown.GetProperty("fileTypes").GetArrayLength(), Is.EqualTo(known.FileTypes.Count));
            Assert.That(shown.GetProperty("options").GetProperty("scratchMinimumBasisPoints").GetInt32(), Is.EqualTo(1000));
        });
    }

    [Test]
    public void Page_ManyPassedCells_KeepTheTraceOfWhatFailed()
    {
        var page = HtmlReport.Render(PageResults.Make(600));

        var cells = Packed(page, "packed-details").SelectMany(block => block.EnumerateArray()).ToList();

        Assert.That(cells.Count(cell => cell.TryGetProperty("trace", out _)), Is.EqualTo(PageResults.Make(600).Count(r => r.State != CellState.Pass)));
    }

    [Test]
    public void Charts_Vendored_AreThoseOfTheLockFileWithTheirLicence()
    {
        var script = File.ReadAllBytes(Path.Combine(SourceTree.Root, "scenarios/Reports/Page/vendor/uPlot.iife.min.js"));
        var page = HtmlReport.Render([]);

        Assert.Multiple(() =>
        {
            Assert.That(SourceTree.Read("scenarios/Reports/Page/package-lock.json"), Does.Contain("\"version\": \"1.6.32\""));
            Assert.That(Convert.ToHexStringLower(SHA256.HashData(script)), Is.EqualTo("19c8d4c6ad88929a79f4ae49d6f7161566dfd0ba3d15cc495e974f787eb78f1f"));
            Assert.That(page, Does.Contain("Copyright (c) 2022 Leon Sorokin").And.Contain("v1.6.32"));
        });
    }

    [Test]
    public void History_RunsAdded_AreReadOldestFirstAndTheSameResultsOnce()
    {
        using var place = new TempPlace();
        var (first, second) = (PageResults.Make(30), PageResults.Make(60));

        RunHistory.Add(place.Path, first, At);
        RunHistory.Add(place.Path, second, At.AddDays(1));
        var runs = RunHistory.Add(place.Path, first, At.AddDays(2));

        Assert.Multiple(() =>
        {
            Assert.That(runs.Select(r => r.At), Is.EqualTo([At, At.AddDays(1)]));
            Assert.That(runs[0].Cells, Has.Count.EqualTo(30));
            Assert.That(runs[1].BytesPerSecond.Keys, Is.EquivalentTo(["memory", "azurite"]));
            Assert.That(runs[1].SentBytes["azurite"], Is.EqualTo(second.Where(r => r.Vault == "azurite").Sum(r => r.SentBytes)));
        });
    }

    [Test]
    public void History_CutOffFile_IsNamedWithWhatToDo()
    {
        using var place = new TempPlace();
        RunHistory.Add(place.Path, PageResults.Make(3), At);
        var file = Directory.GetFiles(place.Path).Single();
        File.WriteAllText(file, File.ReadAllText(file)[..50]);

        Assert.That(
            () => RunHistory.Read(place.Path),
            Throws.TypeOf<BackupException>().With.Property("Code").EqualTo(ErrorCode.ArgumentInvalid)
                .And.Message.Contains(Path.GetFileName(file)).And.Property("Remedy").Contains("Delete"));
    }

    [Test]
    public void Join_SimulatedAndRealOfOneCell_KeepsBothAndRefusesATwin()
    {
        using var place = new TempPlace();
        var results = PageResults.Make(9);
        var (simulated, real) = (Save(place, "a", results.Where(r => r.Source == "simulated")), Save(place, "b", results.Where(r => r.Source == "ntfs")));

        Assert.That(JoinedResults.Read([simulated, real]).Select(RunHistory.KeyOf), Is.EquivalentTo(results.Select(RunHistory.KeyOf)));
        Assert.That(
            () => JoinedResults.Read([simulated, simulated]),
            Throws.TypeOf<BackupException>().With.Property("Code").EqualTo(ErrorCode.ArgumentInvalid).And.Message.Contains("again in"));
    }

    private static string Save(TempPlace place, string name, IEnumerable<CellResult> results)
    {
        var file = Path.Combine(place.Path, name + ".jsonl");
        File.WriteAllLines(file, results.Select(ResultsFile.ToLine));
        return file;
    }

    private static string Text(string page, string id)
    {
        var start = page.IndexOf('>', page.IndexOf($"<script id=\"{id}\"", StringComparison.Ordinal)) + 1;
        return page[start..page.IndexOf("</script>", start, StringComparison.Ordinal)];
    }

    private static JsonElement Part(string page, string id) => JsonDocument.Parse(Text(page, id)).RootElement;

    private static IReadOnlyList<JsonElement> Packed(string page, string id) => [.. Text(page, id).Split('\n').Select(line =>
    {
        using var gzip = new GZipStream(new MemoryStream(Convert.FromBase64String(line)), CompressionMode.Decompress);
        return JsonDocument.Parse(gzip).RootElement.Clone();
    })];

    /// <summary>A directory that is gone after the test.</summary>
    private sealed class TempPlace : IDisposable
    {
        private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("harness-test-");

        public string Path => _directory.FullName;

        public void Dispose() => _directory.Delete(recursive: true);
    }
}
