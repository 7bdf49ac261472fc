using System.Buffers.Binary;
using Harness.Engine.Crypto;
using Harness.Engine.Format;
using Harness.Engine.Repositories;
using Harness.Engine.Segments;
using Harness.Simulator.Kernel;
using Harness.Simulator.Scratch;
using Harness.Simulator.Vaults;
using Harness.Tests.Engine.Faults;
using Harness.Tests.Support;
using NUnit.Framework;

namespace Harness.Tests.Engine.Segments;

/// <summary>The segment index says what the index blobs of the vault say, and costs little to ask.</summary>
[Parallelizable]
public sealed class SegmentIndexTests
{
    private const int Many = 100_000;
    private const int PerPack = 1_000;

    private readonly SeededRandomSource _random = new(1);

    [Test]
    public async Task Index_KeptThroughManyRuns_EqualsOneMadeAnew()
    {
        var rig = new EngineRig();
        for (var run = 0; run < 12; run++)
        {
            for (var file = 0; file < 20; file++)
            {
                rig.Volume.CreateFile($"r{run}-f{file}", 3_000 + file);
            }

            await rig.BackupAsync();
        }

        var repository = await OpenAsync(rig);
        var kept = await DumpAsync(repository, rig.Scratch);
        var anew = await DumpAsync(repository, new SimScratch(1L << 40));

        Assert.That(anew, Has.Count.GreaterThan(12 * 20));
        Assert.That(kept, Is.EqualTo(anew));
    }

    [Test]
    public async Task Backup_NothingChanged_DoesNotReadTheIndex()
    {
        var rig = new EngineRig { ChangeTracking = new() { KeptSnapshots = 4 } };
        rig.Volume.CreateFile("a", 100_000);
        await rig.BackupAsync();
        var touched = new List<string>();
        rig.WrapScratch = inner => new FaultyScratch(inner, (_, name, _) =>
        {
            touched.Add(name);
            return null;
        });

        await rig.BackupAsync();

        Assert.That(touched, Is.Not.Empty);
        Assert.That(touched.Where(name => name.Contains("-segments", StringComparison.Ordinal)), Is.Empty);
    }

    [Test]
    public async Task Find_AmongManySegments_ReadsAFewBlocks()
    {
        var (repository, scratch, _) = await ManyAsync();
        var counting = new CountingScratch(scratch);
        using var index = new SegmentIndex(repository, counting, _random);

        var place = await index.FindAsync(IdOf(4_711), default);

        Assert.That(place!.Value.Record.Ordinal, Is.EqualTo(711));
        Assert.That(counting.AppendedBytes, Is.Zero);
        Assert.That(counting.ReadBytes, Is.LessThan(192 << 10));
        Assert.That(counting.Reads, Is.LessThan(24));
    }

    [Test]
    public async Task Contains_ManyThatAreNotThere_ReadsTheFilterAndHardlyABlock()
    {
        var (repository, scratch, _) = await ManyAsync();
        var counting = new CountingScratch(scratch);
        using var index = new SegmentIndex(repository, counting, _random);
        for (var i = 0; i < 10_000; i++)
        {
            Assert.That(await index.ContainsAsync(IdOf(Many + i), default), Is.False);
        }

        TestContext.Out.WriteLine($"{counting.Reads} reads, {counting.ReadBytes} bytes");
        Assert.That(index.Filter, Is.Not.Null);
        Assert.That(counting.Reads, Is.LessThan(10_000 / 20));
        for (var i = 0; i < Many; i += 97)
        {
            Assert.That(index.Filter!.MayContain(IdOf(i)), Is.True);
        }
    }

    [Test]
    public void Filter_OfAMillionSegments_TakesFiveQuartersOfAByteEach()
    {
        Assert.That(SegmentFilter.BytesOf(1_000_000), Is.EqualTo(1_250_000));
        var bits = new byte[SegmentFilter.BytesOf(Many)];
        for (var i = 0; i < Many; i++)
        {
            SegmentFilter.Add(bits, IdOf(i));
        }

        var filter = new SegmentFilter([bits]);
        var wrong = Enumerable.Range(Many, Many).Count(i => filter.MayContain(IdOf(i)));

        Assert.That(wrong, Is.LessThan(Many / 80));
    }

    [Test]
    public async Task Find_AfterAnIndexBlobWasReplaced_KnowsTheNewOnesOnly()
    {
        var (repository, scratch, packs) = await ManyAsync();
        var vault = repository.Vault;
        var old = await BlobsAsync(repository);
        await new IndexWriter(repository, _random, index: null).WriteAsync(packs.Skip(50), default);
        foreach (var blob in old)
        {
            await vault.DeleteAsync(blob, default);
        }

        using var index = new SegmentIndex(repository, scratch, _random);

        Assert.That(await index.FindAsync(IdOf(10), default), Is.Null);
        Assert.That(await index.FindAsync(IdOf((50 * PerPack) + 10), default), Is.Not.Null);
        Assert.That(await DumpAsync(repository, scratch), Is.EqualTo(await DumpAsync(repository, new SimScratch(1L << 40))));
    }

    [Test]
    public async Task Find_FilesDamagedOrLost_MakesThemAnew([Values] bool lost, [Values(0, 1, 2)] int third)
    {
        var (repository, scratch, _) = await ManyAsync();
        foreach (var name in await scratch.ListAsync(default))
        {
            if (lost)
            {
                await scratch.DeleteAsync(name, default);
            }
            else
            {
                var length = (await scratch.GetLengthAsync(name, default))!.Value;
                for (var at = third * length / 3; at < (third + 1) * length / 3; at += 1_000)
                {
                    scratch.Flip(name, at);
                }
            }
        }

        using var index = new SegmentIndex(repository, scratch, _random);
        for (var i = 0; i < Many; i += 501)
        {
            Assert.That(await index.ContainsAsync(IdOf(i), default), Is.True, $"segment {i}");
        }
    }

    [Test]
    public async Task Contains_SegmentOfAnUnusablePackOnly_IsAsIfNotThere()
    {
        var (repository, scratch, packs) = await ManyAsync();
        using var index = new SegmentIndex(
            repository, scratch, _random, _ => ValueTask.FromResult<IReadOnlySet<Hash256>>(new HashSet<Hash256> { packs[3].Hash }));

        Assert.That(await index.ContainsAsync(packs[3].Segments[0].Id, default), Is.False);
        Assert.That(await index.ContainsAsync(packs[4].Segments[0].Id, default), Is.True);
        Assert.That(await index.FindAsync(packs[3].Segments[0].Id, default), Is.Not.Null);
    }

    [Test]
    public async Task Find_SegmentInTwoPacks_GivesBothPlaces()
    {
        var (repository, scratch, packs) = await ManyAsync();
        var copy = packs[0] with { Hash = IdOf(-1) };
        await new IndexWriter(repository, _random, index: null).WriteAsync([copy], default);
        using var index = new SegmentIndex(repository, scratch, _random);

        var places = await index.PlacesAsync(packs[0].Segments[5].Id, default);

        Assert.That(places.Select(place => place.Pack.Hash), Is.EquivalentTo(new[] { packs[0].Hash, copy.Hash }));
    }

    private static Hash256 IdOf(int number)
    {
        var bytes = new byte[sizeof(int)];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, number);
        return Hash256.Of(bytes);
    }

    private static async Task<Repository> OpenAsync(EngineRig rig) =>
        await RepositoryOpener.OpenAsync(new MemoryVault(rig.Store), new Passphrase(rig.Passphrase), default);

    private static async Task<List<string>> BlobsAsync(Repository repository)
    {
        var blobs = new List<string>();
        await foreach (var item in repository.Vault.ListAsync(BlobNames.Indexes, default))
        {
            blobs.Add(item.Name);
        }

        return blobs;
    }

    /// <summary>Every record but the filter, as text.</summary>
    private async Task<List<string>> DumpAsync(Repository repository, SimScratch scratch)
    {
        using var index = new SegmentIndex(repository, scratch, _random);
        var records = new List<string>();
        for (var cursor = await index.ScanAsync(default); await cursor.NextAsync(default);)
        {
            if (cursor.Current.Key.Span[0] != SegmentKeys.Filter)
            {
                records.Add($"{Convert.ToHexString(cursor.Current.Key.Span)} {Convert.ToHexString(cursor.Current.Payload.Span)}");
            }
        }

        return records;
    }

    /// <summary>A vault with an index of many segments and a scratch location that knows it.</summary>
    private async Task<(Repository Repository, SimScratch Scratch, List<IndexedPack> Packs)> ManyAsync()
    {
        var rig = new EngineRig();
        rig.Volume.CreateFile("a", 10);
        await rig.BackupAsync();
        var repository = await OpenAsync(rig);
        var packs = Enumerable.Range(0, Many / PerPack).Select(PackOf).ToList();
        var scratch = new SimScratch(1L << 40);
        using var index = new SegmentIndex(repository, scratch, _random);
        await new IndexWriter(repository, _random, index).WriteAsync(packs, default);
        Assert.That(await index.FindAsync(IdOf(1), default), Is.Not.Null);
        return (repository, scratch, packs);
    }

    private static IndexedPack PackOf(int pack) => new(
        IdOf(-1_000 - pack),
        new byte[KeyRing.SaltBytes],
        PerPack * 100,
        [
            .. Enumerable.Range(0, PerPack).Select(i => new SegmentRecord(
                IdOf((pack * PerPack) + i), (uint)i, (uint)i * 100, 100, 84, SegmentCodec.Stored, SegmentType.Data)),
        ]);
}
