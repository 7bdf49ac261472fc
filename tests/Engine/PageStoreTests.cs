using Harness.Engine.State;
using Harness.Simulator.Scratch;
using NUnit.Framework;

namespace Harness.Tests.Engine;

[Parallelizable]
public sealed class PageStoreTests
{
    [TestCase(0)]
    [TestCase(16)]
    [TestCase(1L << 31)]
    [TestCase(long.MaxValue - 16)]
    public async Task Read_BeyondWhatIsLeftOfTheFile_FindsNothing(long offset)
    {
        var store = new PageStore(new SimScratch(1 << 20), "pages", 0, repository: null!);

        Assert.That(await store.ReadAsync(offset, new byte[16], CancellationToken.None), Is.False);
    }
}
