using Harness.Engine.Rules;
using Harness.Scenarios.Reports;
using Harness.Scenarios.Reports.History;
using Harness.Scenarios.Reports.Pages;
using Harness.Scenarios.Running;
using Microsoft.Playwright;
using NUnit.Framework;

namespace Harness.Tests.Pages;

/// <summary>The page in a real headless Chromium without network: what a person sees, and what keys do.</summary>
[TestFixture]
[Category("Browser")]
public sealed class PageBrowserTests
{
    private static readonly string[] AllViews = ["matrix", "compare", "why", "cache", "cost", "runs", "cells"];

    /// <summary>Those that are looked at in every light: two, or each of them with HARNESS_E2E_FULL=1, as in CI.</summary>
    private static readonly string[] Views = Environment.GetEnvironmentVariable("HARNESS_E2E_FULL") == "1" ? AllViews : ["matrix", "cost"];

    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("harness-test-");
    private string _file = "";
    private Browser _browser = null!;

    [OneTimeSetUp]
    public async Task SetUp()
    {
        _browser = await Browser.StartAsync();
        var results = PageResults.Make(240);
        var before = results.Select(r => r.Id == PageResults.FailedId ? r with { State = CellState.Pass } : r).ToList();
        _file = Path.Combine(_directory.FullName, "report.html");
        var day = new DateTimeOffset(2026, 11, 20, 2, 0, 0, TimeSpan.Zero);
        await File.WriteAllTextAsync(_file, HtmlReport.Render(
            results,
            PageContext.Default with { History = [.. Enumerable.Range(0, 3).Select(n => RunHistory.Of(before, day.AddDays(n))), RunHistory.Of(results, day.AddDays(3))] }));
    }

    [OneTimeTearDown]
    public async Task TearDown()
    {
        if (_browser is not null)
        {
            await _browser.DisposeAsync();
        }

        _directory.Delete(recursive: true);
    }

    [Test]
    public async Task Matrix_Opened_ShowsEveryClauseWithStateAndNeedsNoNetwork()
    {
        await using var page = await _browser.OpenAsync(_file);

        var table = await page[".heat"].InnerTextAsync();

        Assert.Multiple(() =>
        {
            Assert.That(table, Does.Contain("Hard links").And.Contain("Hard links (Skipped)"));
            Assert.That(table, Does.Contain("FAIL").And.Contain("TIMEOUT").And.Contain("known fail"));
            Assert.That(table, Does.Contain("full @ azurite").And.Contain("incremental @ memory").And.Contain("≠ 1 unlike simulated"));
            Assert.That(page.Troubles, Is.Empty);
        });
        Assert.That(await page["th.topic"].CountAsync(), Is.GreaterThan(1));
        Assert.That(await page[".heat td.no-test, .heat td.not-run"].CountAsync(), Is.GreaterThan(0));
    }

    [Test]
    public async Task Matrix_Keys_MoveOpenAndComeBackToTheSamePlace()
    {
        await using var page = await _browser.OpenAsync(_file);
        await page[".heat [tabindex='0']"].FocusAsync();

        await page.PressAsync("ArrowDown");
        await page.PressAsync("ArrowRight");
        await page.PressAsync("ArrowRight");
        var place = await page.FocusedTextAsync();
        var clause = await page.AskAsync<string>("document.activeElement.dataset.clause");
        await page.PressAsync("Enter");
        var title = await page["#details-title"].InnerTextAsync();
        var address = page.Fragment;
        await page.PressAsync("Escape");

        Assert.Multiple(() =>
        {
            Assert.That(title, Does.Contain("incremental"));
            Assert.That(address, Does.Contain($"clause={clause}").And.Contain("phase=incremental"));
            Assert.That(page.Fragment, Does.Not.Contain("clause="));
        });
        Assert.That(await page.FocusedTextAsync(), Is.EqualTo(place));
        Assert.That(await page["#details"].IsVisibleAsync(), Is.False);
        await page.PressAsync("Control+End");
        Assert.That(await page.AskAsync<bool>("document.activeElement === [...document.querySelectorAll('.heat [tabindex]')].at(-1)"), Is.True);
    }

    [Test]
    public async Task Filter_InTheAddress_IsShownAndTypingChangesIt()
    {
        await using var page = await _browser.OpenAsync(_file, "filter=hard-link&red=1");
        var shown = await page[".heat tbody th[scope=row]"].AllInnerTextsAsync();

        await page.PressAsync("/");
        await page.Page.Keyboard.TypeAsync("sparse ntfs");

        Assert.That(shown, Has.Some.Contains("file.hard-link"));
        Assert.That(shown, Has.Count.LessThanOrEqualTo(2));
        Assert.That(page.Fragment, Does.Contain("filter=sparse+ntfs").And.Contain("red=1"));
        Assert.That(await page["#live"].InnerTextAsync(), Does.Contain("1 cell selected"));
    }

    [Test]
    public async Task Details_FailedCell_ShowEvidenceClauseAndLineToCopy()
    {
        await using var page = await _browser.OpenAsync(_file, $"cell={Uri.EscapeDataString(PageResults.FailedId)}");
        await page["#details details[data-filled]"].WaitForAsync();

        var text = await page["#details"].InnerTextAsync();
        await page["#details .repro button"].ClickAsync();

        Assert.Multiple(() =>
        {
            Assert.That(text, Does.Contain("Expected").And.Contain("linked.txt skipped: hard-link"));
            Assert.That(text, Does.Contain("Otherwise than expected").And.Contain("✗ protected: incremental"));
            Assert.That(text, Does.Contain("Hard links (Skipped)"));
            Assert.That(text, Does.Contain("Preparing to back up workloads to Azure with DPM (classic portal), 2017-03-10").And.Contain("documented"));
            Assert.That(text, Does.Contain("End of the trace").And.Contain("create packs/"));
            Assert.That(text, Does.Contain("Bytes sent").And.Contain("film.mp4:cover"));
            Assert.That(text, Does.Contain("./run-scenarios.sh 'generated.file-hard-link[n=1]' --vault memory --seed 1"));
            Assert.That(text, Does.Contain("✓✓✓✗"));
            Assert.That(page.Troubles, Is.Empty);
        });
        Assert.That(await page["#details .repro button"].InnerTextAsync(), Is.AnyOf("Copied", "Selected"));
    }

    [Test]
    public async Task Questions_OfANewcomer_AreAnsweredByThePageAlone()
    {
        await using var page = await _browser.OpenAsync(_file, "view=cache");
        var cache = await page["main"].InnerTextAsync();
        await page.GoAsync($"file://{_file}#view=cost");
        var cost = await page["main"].InnerTextAsync();
        await page.GoAsync($"file://{_file}#view=why&file=linked.txt");
        var why = await page["main table"].Last.InnerTextAsync();
        await page.GoAsync($"file://{_file}#view=compare");
        var compare = await page["main"].InnerTextAsync();

        Assert.Multiple(() =>
        {
            Assert.That(ProfileCatalog.Ids, Has.All.Matches<string?>(id => cache.Contains(id!, StringComparison.Ordinal) && cost.Contains(id!, StringComparison.Ordinal)));
            Assert.That(cache, Does.Contain("204.8 GB").And.Contain("307.2 GB").And.Contain("cache.minimum"));
            Assert.That(cost, Does.Contain("1.00 GiB + about").And.Contain("262,144 times the block").And.Contain("Encrypted (Full backups only)"));
            Assert.That(why, Does.Contain("skipped: hard-link").And.Contain("file.hard-link").And.Contain("Hard links (Skipped)"));
            Assert.That(compare, Does.Contain("Skipped under dpm-classic-2018 and not under"));
        });
        if (ProfileCatalog.Ids.Contains("mars-2026"))
        {
            Assert.That(compare, Does.Match("mars-2026\\s+Files of data deduplication by file.deduplicated"));
        }
    }

    [Test]
    public async Task Plots_EachView_AreDrawn()
    {
        await using var page = await _browser.OpenAsync(_file, "view=cost");
        await page[".chart canvas"].WaitForAsync();
        foreach (var (view, title) in new[] { ("cache", "Scratch use against the 10 % and 15 % lines"), ("runs", "Throughput"), ("cost", "Bytes sent against bytes changed") })
        {
            await page.GoAsync($"file://{_file}#view={view}");
            await page[".chart canvas"].WaitForAsync();

            Assert.That(await page[".u-title"].InnerTextAsync(), Does.StartWith(title));
        }

        Assert.That(page.Troubles, Is.Empty);
    }

    [Test]
    public async Task Page_TwoThousandCells_IsSmallAndMakesOnlyWhatIsSeen()
    {
        var file = Path.Combine(_directory.FullName, "large.html");
        await File.WriteAllTextAsync(file, HtmlReport.Render(PageResults.Make(2000)));

        await using var page = await _browser.OpenAsync(file);
        var ready = await page.AskAsync<int>("Number(document.documentElement.dataset.ready)");
        var nodes = await page.AskAsync<int>("document.querySelectorAll('*').length");
        await page.GoAsync($"file://{file}#view=cells");
        var cells = await page["main details"].CountAsync();

        TestContext.Out.WriteLine($"{new FileInfo(file).Length:N0} bytes, ready after {ready} ms, {nodes} elements");
        Assert.Multiple(() =>
        {
            Assert.That(new FileInfo(file).Length, Is.LessThanOrEqualTo(1_000_000));
            Assert.That(nodes, Is.LessThan(6000));
            Assert.That(cells, Is.LessThanOrEqualTo(50));
        });
    }

    [Test]
    public async Task Page_EveryViewWideNarrowLightAndDark_FitsAndIsKeptAsPicture()
    {
        string[] few = ["matrix", "details"];
        string[] all = [.. Views, "details"];
        foreach (var (theme, width, views) in new[]
        {
            (ColorScheme.Light, 1400, all), (ColorScheme.Dark, 1400, few), (ColorScheme.Light, 390, all), (ColorScheme.Dark, 390, few),
        })
        {
            await using var page = await _browser.OpenAsync(_file, "", theme, width);
            foreach (var view in views)
            {
                await page.GoAsync(view == "details" ? $"file://{_file}#clause=file.hard-link" : $"file://{_file}#view={view}");

                Assert.That(await page.AskAsync<int>("document.documentElement.scrollWidth"), Is.LessThanOrEqualTo(width), $"{view} at {width}");
                await page.Page.ScreenshotAsync(new() { Path = Path.Combine(Browser.Screenshots, $"{view}-{theme.ToString().ToLowerInvariant()}-{width}.png") });
            }

            Assert.That(page.Troubles, Is.Empty);
        }
    }

    [Test]
    public async Task Page_EveryView_HasNoFaultThatAxeFinds()
    {
        var axe = await AxeCore.LoadAsync();
        foreach (var theme in new[] { ColorScheme.Light, ColorScheme.Dark })
        {
            await using var page = await _browser.OpenAsync(_file, "", theme);
            foreach (var address in Views.Select(view => $"view={view}").Append($"cell={Uri.EscapeDataString(PageResults.FailedId)}"))
            {
                await page.GoAsync($"file://{_file}#{address}");
                await page.Page.AddScriptTagAsync(new() { Content = axe });

                var faults = await page.AskAsync<string[]>(
                    $"axe.run({(theme == ColorScheme.Dark ? "{ runOnly: ['color-contrast'] }" : "")}).then(r => r.violations.map(v => v.id + ', first in ' + v.nodes[0].html.slice(0, 200)))");

                Assert.That(faults, Is.Empty, $"{address} {theme}");
            }
        }
    }
}
