using Harness.Engine.Crypto;
using Harness.Engine.Format;
using Harness.Engine.Repositories;
using Harness.Engine.Segments;
using Harness.Simulator.Kernel;
using Harness.Simulator.Scratch;
using Harness.Simulator.Vaults;
using Harness.Tests.Support;
using NUnit.Framework;

namespace Harness.Tests.Engine;

/// <summary>The buffers of a reader go round: what it gives must be right all the same, and cost no memory.</summary>
[NonParallelizable]
public sealed class SegmentReaderTests
{
    private const int Ranges = 48;

    [TestCase(0)]
    [TestCase(4 << 20)]
    public async Task Read_MoreSegmentsThanAreKept_GivesEachItsOwnBytes(int readAheadBytes)
    {
        var (rig, extents, repository, index) = await ProtectedAsync();
        using var reader = new SegmentReader(repository, index, readAheadBytes);
        var random = new Random(5);
        var expected = new byte[FormatLimits.RangeBytes];

        for (var i = 0; i < 4 * Ranges; i++)
        {
            var extent = extents[i < Ranges ? i : random.Next(Ranges)];
            var actual = await ContentReader.BytesOfAsync(extent, reader, default);
            _ = rig.Volume.Read("large.bin", extent.Offset, expected);
            Assert.That(actual.Span.SequenceEqual(expected), $"read {i}, byte {extent.Offset}");
        }
    }

    [Test]
    public async Task Read_Again_RentsAndDoesNotAllocate()
    {
        var (_, extents, repository, index) = await ProtectedAsync();
        using var reader = new SegmentReader(repository, index, 4 << 20);
        await ReadAllAsync();

        var before = GC.GetTotalAllocatedBytes(precise: true);
        await ReadAllAsync();

        Assert.That(GC.GetTotalAllocatedBytes(precise: true) - before, Is.LessThan(Ranges * FormatLimits.RangeBytes / 4));

        async Task ReadAllAsync()
        {
            foreach (var extent in extents)
            {
                _ = await ContentReader.BytesOfAsync(extent, reader, default);
            }
        }
    }

    private static async Task<(EngineRig Rig, List<Extent> Extents, Repository Repository, SegmentIndex Index)> ProtectedAsync()
    {
        var rig = new EngineRig { Parameters = new() { KdfIterations = 1, PackBytes = 8 << 20 } };
        rig.Volume.CreateFile("large.bin", (long)Ranges * FormatLimits.RangeBytes);
        _ = await rig.BackupAsync();
        var repository = await RepositoryOpener.OpenAsync(new MemoryVault(rig.Store), new Passphrase(rig.Passphrase), default);
        using var state = await SentFiles.StateOfAsync(repository, null, 1);
        var extents = new List<Extent>();
        await foreach (var entry in state.EntriesAsync(default))
        {
            extents.AddRange(entry.Streams.SelectMany(stream => stream.Content!.Extents.Extents));
        }

        Assert.That(extents, Has.Count.EqualTo(Ranges));
        return (rig, extents, repository, new SegmentIndex(repository, new SimScratch(1L << 40), new SeededRandomSource(1)));
    }
}
