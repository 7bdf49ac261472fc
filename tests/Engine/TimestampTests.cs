using Harness.Engine.Model;
using NUnit.Framework;

namespace Harness.Tests.Engine;

/// <summary>How a moment is shown to a person.</summary>
[Parallelizable]
internal sealed class TimestampTests
{
    [TestCase(0, 0, "1970-01-01T00:00:00Z")]
    [TestCase(1_795_396_124, 785_512_557, "2026-11-23T01:08:44.785512557Z")]
    [TestCase(-1, 999_000_000, "1969-12-31T23:59:59.999Z")]
    [TestCase(-11_644_473_600, 100, "1601-01-01T00:00:00.0000001Z")]
    [TestCase(-62_135_596_800, 0, "0001-01-01T00:00:00Z")]
    [TestCase(253_402_300_799, 0, "9999-12-31T23:59:59Z")]
    [TestCase(253_402_300_800, 5_000_000, "253402300800.005 s since 1970")]
    public void ToString_AnyMoment_IsIsoOrSeconds(long unixSeconds, int nanoseconds, string expected) =>
        Assert.That(new Timestamp(unixSeconds, nanoseconds).ToString(), Is.EqualTo(expected));
}
