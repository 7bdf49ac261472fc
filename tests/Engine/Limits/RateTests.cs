using Harness.Engine.Errors;
using Harness.Engine.Limits;
using NUnit.Framework;

namespace Harness.Tests.Engine.Limits;

/// <summary>Rates as people type them.</summary>
[Parallelizable]
public sealed class RateTests
{
    [TestCase("512", 512L << 10)]
    [TestCase("512k", 512L << 10)]
    [TestCase("512K", 512L << 10)]
    [TestCase("10M", 10L << 20)]
    [TestCase("1.5M", 3L << 19)]
    [TestCase("0.5m", 1L << 19)]
    [TestCase("1G", 1L << 30)]
    [TestCase("10MiB", 10L << 20)]
    [TestCase("10MiB/s", 10L << 20)]
    [TestCase("10M/s", 10L << 20)]
    [TestCase("10 MB", 10_000_000)]
    [TestCase("10MB/s", 10_000_000)]
    [TestCase("64kB/s", 64_000)]
    [TestCase("64KB", 64_000)]
    [TestCase("2GB", 2_000_000_000)]
    [TestCase("100kbit/s", 12_500)]
    [TestCase("100 Mbit/s", 12_500_000)]
    [TestCase("1Gbit", 125_000_000)]
    [TestCase("8bit/s", 1)]
    [TestCase("500B/s", 500)]
    [TestCase(" 1 B ", 1)]
    [TestCase("1024G", 1L << 40)]
    public void Parse_Rate_IsBytesInASecond(string text, long expected) =>
        Assert.That(Rate.Parse(text).BytesPerSecond, Is.EqualTo(expected));

    [TestCase("", "begin with a number")]
    [TestCase("K", "begin with a number")]
    [TestCase("-5", "begin with a number")]
    [TestCase("+5", "begin with a number")]
    [TestCase("0x10", "'x10' is no unit")]
    [TestCase("1e6", "'e6' is no unit")]
    [TestCase(".", "begin with a number")]
    [TestCase("1.2.3M", "begin with a number")]
    [TestCase("0", "from 1 byte")]
    [TestCase("0.0000001B", "from 1 byte")]
    [TestCase("7bit", "from 1 byte")]
    [TestCase("1025G", "from 1 byte")]
    [TestCase("9999999999999999999999", "begin with a number")]
    [TestCase("10 Mbps", "bits or bytes")]
    [TestCase("10Mb", "bits or bytes")]
    [TestCase("10mb/s", "bits or bytes")]
    [TestCase("10MBps", "bits or bytes")]
    [TestCase("1T", "is no unit")]
    [TestCase("10M/h", "is no unit")]
    [TestCase("10MMiB", "is no unit")]
    [TestCase("unlimited", "begin with a number")]
    public void Parse_NoRate_IsRefusedWithTheWordAndTheRule(string text, string rule)
    {
        var error = Assert.Throws<BackupException>(() => Rate.Parse(text))!;

        Assert.That(error.Code, Is.EqualTo(ErrorCode.ArgumentInvalid));
        Assert.That(error.Message, Does.Contain($"'{text}'").And.Contain(rule));
        Assert.That(error.Remedy, Does.Contain("10MB/s"));
    }
}
