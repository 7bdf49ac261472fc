using Harness.Engine.Errors;
using Harness.Scenarios.Running;
using NUnit.Framework;

namespace Harness.Tests.Scenarios;

public class ShardSpecTests
{
    [Test]
    public void Take_AllParts_CoverEverythingOnceAndEvenly([Values(1, 2, 3, 8, 50)] int count)
    {
        var cells = Enumerable.Range(0, 37).ToList();

        var parts = Enumerable.Range(1, count).Select(i => new ShardSpec(i, count).Take(cells)).ToList();

        Assert.Multiple(() =>
        {
            Assert.That(parts.SelectMany(p => p).Order(), Is.EqualTo(cells));
            Assert.That(parts.Max(p => p.Count) - parts.Min(p => p.Count), Is.LessThanOrEqualTo(1));
        });
    }

    [TestCase("2/8", null, null, null, "2/8")]
    [TestCase("auto/8", "0", null, null, "1/8")]
    [TestCase("auto/8", "7", null, null, "8/8")]
    [TestCase("auto/8", null, "0", "0", "1/8")]
    [TestCase("auto/8", null, "8", "1", "8/8")]
    public void Parse_Index_ComesFromTextOrBatchSystem(string text, string? kubernetes, string? slurm, string? slurmFirst, string expected)
    {
        var spec = ShardSpec.Parse(text, name => name switch
        {
            "JOB_COMPLETION_INDEX" => kubernetes,
            "SLURM_ARRAY_TASK_ID" => slurm,
            "SLURM_ARRAY_TASK_MIN" => slurmFirst,
            _ => null,
        });

        Assert.That(spec.ToString(), Is.EqualTo(expected));
    }

    [TestCase("0/8")]
    [TestCase("9/8")]
    [TestCase("1/0")]
    [TestCase("1")]
    [TestCase("-1/8")]
    [TestCase("a/b")]
    [TestCase("1/2/3")]
    [TestCase("auto/8")]
    public void Parse_NoPart_IsRefused(string text)
    {
        Assert.That(
            () => ShardSpec.Parse(text, _ => null),
            Throws.TypeOf<BackupException>().With.Property("Code").EqualTo(ErrorCode.ArgumentInvalid));
    }
}
