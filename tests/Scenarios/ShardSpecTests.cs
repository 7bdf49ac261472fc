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

    // Each system counts in its own way; parts count from 1.
    [TestCase("2/8", "", "2/8")]
    [TestCase("auto/8", "JOB_COMPLETION_INDEX=0", "1/8")]
    [TestCase("auto/8", "JOB_COMPLETION_INDEX=7", "8/8")]
    [TestCase("auto", "JOB_COMPLETION_INDEX=7 HARNESS_SHARD_COUNT=8", "8/8")]
    [TestCase("auto/8", "SLURM_ARRAY_TASK_ID=0 SLURM_ARRAY_TASK_MIN=0 SLURM_ARRAY_TASK_COUNT=8", "1/8")]
    [TestCase("auto/8", "SLURM_ARRAY_TASK_ID=8 SLURM_ARRAY_TASK_MIN=1 SLURM_ARRAY_TASK_COUNT=8", "8/8")]
    [TestCase("auto", "SLURM_ARRAY_TASK_ID=14 SLURM_ARRAY_TASK_MIN=10 SLURM_ARRAY_TASK_STEP=2 SLURM_ARRAY_TASK_COUNT=4", "3/4")]
    [TestCase("auto", "SYSTEM_JOBPOSITIONINPHASE=1 SYSTEM_TOTALJOBSINPHASE=4", "1/4")]
    [TestCase("auto", "CI_NODE_INDEX=4 CI_NODE_TOTAL=4", "4/4")]
    [TestCase("auto", "BUILDKITE_PARALLEL_JOB=0 BUILDKITE_PARALLEL_JOB_COUNT=3", "1/3")]
    [TestCase("auto", "HARNESS_SHARD_INDEX=3 HARNESS_SHARD_COUNT=4 SYSTEM_JOBPOSITIONINPHASE=1 SYSTEM_TOTALJOBSINPHASE=1", "3/4")]
    public void Parse_Index_ComesFromTextOrBatchSystem(string text, string variables, string expected)
    {
        Assert.That(ShardSpec.Parse(text, Environment(variables)).ToString(), Is.EqualTo(expected));
    }

    [TestCase(null, "JOB_COMPLETION_INDEX=1 HARNESS_SHARD_COUNT=4", "2/4")]
    [TestCase("4", "JOB_COMPLETION_INDEX=1", "2/4")]
    [TestCase("auto/4", "JOB_COMPLETION_INDEX=1", "2/4")]
    public void Resolve_IndexFromEnvironment_TakesTheCountFromTextOrSystem(string? text, string variables, string expected)
    {
        Assert.That(ShardSpec.Resolve(text, isIndexFromEnvironment: true, Environment(variables))!.ToString(), Is.EqualTo(expected));
    }

    [Test]
    public void Resolve_NeitherOption_IsTheWholeRun()
    {
        Assert.That(ShardSpec.Resolve(null, isIndexFromEnvironment: false, _ => throw new InvalidOperationException()), Is.Null);
    }

    [TestCase("0/8", "", "from 1 to 8")]
    [TestCase("9/8", "", "from 1 to 8")]
    [TestCase("1/0", "", "not of the form")]
    [TestCase("1", "", "not of the form")]
    [TestCase("-1/8", "", "from 1 to 8")]
    [TestCase("a/b", "", "not of the form")]
    [TestCase("1/2/3", "", "not of the form")]
    [TestCase("auto/8", "", "none of HARNESS_SHARD_INDEX, JOB_COMPLETION_INDEX, SLURM_ARRAY_TASK_ID")]
    [TestCase("auto", "JOB_COMPLETION_INDEX=1", "does not tell how many")]
    [TestCase("auto/8", "JOB_COMPLETION_INDEX=8", "makes it part 9 of 8")]
    [TestCase("auto/8", "JOB_COMPLETION_INDEX=x", "which is no index")]

    // sbatch --array=3 runs one task of eight again: its array counts from itself.
    [TestCase("auto/8", "SLURM_ARRAY_TASK_ID=3 SLURM_ARRAY_TASK_MIN=3 SLURM_ARRAY_TASK_COUNT=1", "there are 1 parts.*not 8")]
    public void Parse_NoPart_IsRefused(string text, string variables, string pattern)
    {
        Assert.That(
            () => ShardSpec.Parse(text, Environment(variables)),
            Throws.TypeOf<BackupException>().With.Property("Code").EqualTo(ErrorCode.ArgumentInvalid).And.Message.Match(pattern));
    }

    [Test]
    public void Resolve_TwoIndices_IsRefused()
    {
        Assert.That(
            () => ShardSpec.Resolve("2/8", isIndexFromEnvironment: true, Environment("JOB_COMPLETION_INDEX=1")),
            Throws.TypeOf<BackupException>().With.Message.Contains("an index of its own"));
    }

    private static Func<string, string?> Environment(string variables)
    {
        var values = variables.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(pair => pair.Split('='))
            .ToDictionary(pair => pair[0], pair => pair[1], StringComparer.Ordinal);
        return values.GetValueOrDefault;
    }
}
