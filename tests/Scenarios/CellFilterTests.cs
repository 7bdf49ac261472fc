using Harness.Engine.Errors;
using Harness.Scenarios.Running;
using NUnit.Framework;

namespace Harness.Tests.Scenarios;

public class CellFilterTests
{
    private static readonly PlannedCell Cell = MakeCell();

    [TestCase("tag:ten", true)]
    [TestCase("tag:t*", true)]
    [TestCase("tag:other", false)]
    [TestCase("!tag:other", true)]
    [TestCase("tag:ten & !tag:other", true)]
    [TestCase("tag:ten & tag:other", false)]
    [TestCase("tag:ten && tag:other || vault:memory", true)]
    [TestCase("tag:other | vault:memory", true)]
    [TestCase("!(tag:ten | tag:other)", false)]
    [TestCase("clause:file.ordinary", true)]
    [TestCase("clause:file.*", true)]
    [TestCase("area:area", true)]
    [TestCase("id:area.g*", true)]
    [TestCase("area.good", true)]
    [TestCase("*[size=2KiB]", true)]
    [TestCase("*[size=1KiB]", false)]
    [TestCase("size=2KiB", true)]
    [TestCase("size=1*", false)]
    [TestCase("ordinary", true)]
    [TestCase("profile:dpm-*", true)]
    public void Matches_Expression_FollowsItsTerms(string expression, bool expected)
    {
        Assert.That(CellFilter.Parse(expression).Matches(Cell), Is.EqualTo(expected));
    }

    [TestCase("tga:ten", "character 1.* Did you mean 'tag'")]
    [TestCase("tag:ten &", "character 10: a term is missing")]
    [TestCase("(tag:ten", "a '\\)' is missing")]
    [TestCase("tag:ten tag:x", "character 9: something is left over")]
    [TestCase("", "a term is missing")]
    public void Parse_BadExpression_SaysWhere(string expression, string pattern)
    {
        Assert.That(
            () => CellFilter.Parse(expression),
            Throws.TypeOf<BackupException>().With.Property("Code").EqualTo(ErrorCode.ArgumentInvalid).And.Message.Match(pattern));
    }

    [Test]
    public void Parse_DeepNesting_IsRefused()
    {
        Assert.That(() => CellFilter.Parse(new string('(', 10_000)), Throws.TypeOf<BackupException>());
    }

    private static PlannedCell MakeCell()
    {
        var scenario = TestCatalog.Load(TestCatalog.Good
            .Replace("title:", "tags: [ten]\nmatrix: { size: [2KiB] }\ntitle:", StringComparison.Ordinal)
            .Replace("size: 1KiB", "size: \"${size}\"", StringComparison.Ordinal));
        return new PlannedCell(scenario, scenario.Cells[0], "memory");
    }
}
