using NUnit.Framework;

namespace Harness.Tests.Scenarios;

public class MatrixTests
{
    private static readonly string WithAxes = TestCatalog.Good
        .Replace("volume:", "matrix:\n  traits: { subsets-of: [hidden, system, archive], max: 2 }\n  size: [1KiB, 2KiB]\nvolume:", StringComparison.Ordinal)
        .Replace("size: 1KiB", "size: ${size}\n      attributes: ${traits}", StringComparison.Ordinal);

    [Test]
    public void Load_SubsetsAndList_MultipliesThemOutWithStableIds()
    {
        var scenario = TestCatalog.Load(WithAxes);

        Assert.That(scenario.Cells.Select(c => c.Id), Is.EqualTo(new[]
        {
            "area.good[traits=none,size=1KiB]", "area.good[traits=none,size=2KiB]",
            "area.good[traits=hidden,size=1KiB]", "area.good[traits=hidden,size=2KiB]",
            "area.good[traits=system,size=1KiB]", "area.good[traits=system,size=2KiB]",
            "area.good[traits=archive,size=1KiB]", "area.good[traits=archive,size=2KiB]",
            "area.good[traits=hidden+system,size=1KiB]", "area.good[traits=hidden+system,size=2KiB]",
            "area.good[traits=hidden+archive,size=1KiB]", "area.good[traits=hidden+archive,size=2KiB]",
            "area.good[traits=system+archive,size=1KiB]", "area.good[traits=system+archive,size=2KiB]",
        }));
    }

    [Test]
    public void Load_AxisInRecipe_PutsWordOrListInItsOriginalLine()
    {
        var scenario = TestCatalog.Load(WithAxes);

        var lines = scenario.Cells[^1].Document.Volume!.ToText().Split('\n');

        Assert.Multiple(() =>
        {
            Assert.That(lines[10], Does.Contain("\"size\": 2KiB"));
            Assert.That(lines[11].Replace(" ", "", StringComparison.Ordinal), Does.Contain("[system,archive,]"));
        });
    }

    [Test]
    public void Load_RowsOverlap_FirstMatchDecides()
    {
        var text = WithAxes.Replace(
            "expect:",
            """
            expect:
              - when: { traits: [hidden, system] }
                paths: [{ path: "**", protected: full-only }]
              - when: { traits: hidden, size: 2KiB }
                paths: [{ path: "**", skipped: hard-link, clause: file.hard-link }]
            """,
            StringComparison.Ordinal);

        var cells = TestCatalog.Load(text).Cells.ToDictionary(c => c.Label, c => c.Expect.Paths[0].Skipped ?? c.Expect.Paths[0].Protected.ToString());

        Assert.Multiple(() =>
        {
            Assert.That(cells["traits=hidden+system,size=2KiB"], Is.EqualTo("FullOnly"));
            Assert.That(cells["traits=hidden+archive,size=2KiB"], Is.EqualTo("hard-link"));
            Assert.That(cells["traits=hidden+archive,size=1KiB"], Is.EqualTo("Incremental"));
        });
    }

    [TestCase("size: ${size}", "size: 1KiB", "The axis 'size' is never used")]
    [TestCase("size: ${size}", "size: ${sise}", "names no axis.* Did you mean 'size'")]
    [TestCase("[1KiB, 2KiB]", "[1KiB, 1KiB]", "'1KiB' twice")]
    [TestCase("[1KiB, 2KiB]", "[]", "has no values")]
    [TestCase("[1KiB, 2KiB]", "['a,b']", "cannot stand in a cell's id")]
    [TestCase("max: 2", "max: 4", "Allowed: 0 <= min <= max <= 3")]
    [TestCase("max: 2", "maks: 2", "Unknown key 'maks'.* Did you mean 'max'")]
    [TestCase("  size: [", "  vault: [memory]\n  size: [", "cannot be called 'vault'")]
    [TestCase("- paths:", "- when: { traits: hiden }\n    paths:", "no value 'hiden'. Did you mean 'hidden'")]
    [TestCase("- paths:", "- when: { trait: hidden }\n    paths:", "'trait', which 'matrix' does not have")]
    [TestCase("- paths:", "- when: { traits: hidden }\n    paths:", "No row matches the cell traits=none,size=1KiB")]
    [TestCase("expect:", "expect:\n  - { when: { size: [1KiB, 2KiB] }, refused: ScratchTooSmall }", "decides no cell")]
    [TestCase("expect:", "expect:\n  - { when: { traits: hidden }, refused: ScratchFull }\n  - { when: { traits: hidden }, refused: ScratchFull }", "same 'when' as row 1")]
    [TestCase("expect:", "expect:\n  - { when: { traits: hidden }, refused: ScratchFull }\n  - { when: { traits: hidden }, refused: ScratchTooSmall }", "row 1 in line 15 and contradicts it")]
    [TestCase("expect:", "expect:\n  - { when: { traits: hidden }, refused: ScratchFull }\n  - { when: { traits: hidden }, refused: ScratchFull }", "row 1 in line 15 and repeats it")]
    [TestCase("expect:", "expect:\n  - { when: { traits: [hidden, system, archive] }, refused: ScratchFull }", "no cell fits its conditions")]
    [TestCase("expect:", "expect:\n  - { when: { size: 1KiB }, refused: ScratchFull }\n  - { when: { size: 1KiB, traits: hidden }, refused: ScratchFull }", "row 1 in line 15 matches all of its cells first")]
    [TestCase("expect:", "known: [{ when: { traits: [hidden, system, archive] }, reason: r }]\nexpect:", "speaks of no cell")]
    [TestCase("\"**\"", "a.text", "never reached: no volume of the scenario has 'a.text'. Did you mean 'a.txt'")]
    [TestCase("expect:", "combine: some\nexpect:", "'combine' cannot be 'some'")]
    [TestCase("- paths:", "- warnings: [x]\n    pads:", "expects nothing")]
    public void Load_AxisOrRowWrong_IsAProblem(string old, string replacement, string pattern)
    {
        var problems = TestCatalog.ProblemsOf(WithAxes.Replace(old, replacement, StringComparison.Ordinal));

        Assert.That(problems.Select(p => p.ToString()), Has.Some.Match(pattern), string.Join('\n', problems));
    }

    [Test]
    public void Load_ManyCellsWithOneMistake_TellsItOnce()
    {
        var problems = TestCatalog.ProblemsOf(WithAxes.Replace("protected: incremental", "protected: maybe", StringComparison.Ordinal));

        Assert.That(problems, Has.Count.EqualTo(1));
    }
}
