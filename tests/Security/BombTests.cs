using Harness.Engine.Crypto;
using Harness.Engine.Errors;
using Harness.Engine.Format;
using Harness.Engine.Local.Targets;
using Harness.Engine.Model;
using Harness.Tests.Engine.Faults;
using Harness.Tests.Fuzz;
using Harness.Tests.Local;
using Harness.Tests.Support;
using NUnit.Framework;

namespace Harness.Tests.Security;

/// <summary>Blobs that claim more than they hold, or hold more than anyone needs: refused before memory is reserved, with a clear error.</summary>
[Parallelizable(ParallelScope.All)]
public sealed class BombTests
{
    private const long FewBytes = 1 << 20;

    [TestCase(SegmentCodec.Brotli)]
    [TestCase(SegmentCodec.Lz4)]
    public void SealedBlob_OfFramesThatExpandAThousandTimes_IsRefusedUnread(byte codec)
    {
        var zeros = new byte[FormatLimits.RangeBytes];
        var encoded = new byte[FormatLimits.RangeBytes];
        var length = codec == SegmentCodec.Lz4
            ? Lz4Codec.Encode(zeros, encoded)
            : System.IO.Compression.BrotliEncoder.TryCompress(zeros, encoded, out var brotli) ? brotli : 0;
        var blob = Sealed(Enumerable.Repeat((codec, encoded[..length], (uint)zeros.Length), 200).ToList());

        var allocated = RefusedWithin(() => SealedBlob.Open(FuzzKeys.Ring, SealedType.Manifest, "m", blob, "bomb"));

        Assert.That(allocated, Is.LessThan(FewBytes));
        Assert.That(blob, Has.Length.LessThan(200 * 5000));
    }

    [TestCase(SegmentCodec.Brotli, 100u)]
    [TestCase(SegmentCodec.Lz4, 100u)]
    [TestCase(SegmentCodec.Brotli, 1u << 20)]
    [TestCase(SegmentCodec.Lz4, 1u << 20)]
    public void SealedBlob_FrameThatHoldsOtherThanItClaims_IsRefused(byte codec, uint claimed)
    {
        var raw = new byte[50_000];
        var encoded = new byte[raw.Length];
        var length = codec == SegmentCodec.Lz4 ? Lz4Codec.Encode(raw, encoded) : SegmentCodec.Encode(raw[..5000], encoded).Length;
        var blob = Sealed([(codec, encoded[..length], claimed)]);

        Assert.That(RefusedWithin(() => SealedBlob.Open(FuzzKeys.Ring, SealedType.Manifest, "m", blob, "bomb")), Is.LessThan(4 * FewBytes));
    }

    [Test]
    public void Manifest_OfMillionsOfTinyRecords_IsRefusedUnread()
    {
        var part = new WireWriter(8 << 20);
        const int records = 2_000_000;
        part.U8(1);
        part.VarInt((ulong)records);
        for (var i = 0; i < records; i++)
        {
            part.Raw([0, 2, 0]);
        }

        var plaintext = part.ToArray();

        Assert.That(RefusedWithin(() => ManifestDocument.Decode(plaintext, "bomb")), Is.LessThan(FewBytes));
    }

    [TestCase(FormatLimits.PackBytes + 1, 116u, 100u)]
    [TestCase(FormatLimits.PackBytes, FormatLimits.RangeBytes + 17u, 100u)]
    [TestCase(FormatLimits.PackBytes, 116u, FormatLimits.RangeBytes + 1u)]
    [TestCase(FormatLimits.PackBytes, 15u, 100u)]
    public void Index_OfAPackOrSegmentBeyondTheLimits_IsRefused(int packBytes, uint storedBytes, uint rawBytes)
    {
        var segment = new SegmentRecord(Samples.Id, 0, 56, storedBytes, rawBytes, SegmentCodec.Stored, SegmentType.Data);
        var index = IndexDocument.Encode([new IndexedPack(Samples.Id, FuzzKeys.Salt, (uint)packBytes, [segment])]);

        Assert.That(RefusedWithin(() => IndexDocument.Decode(index, "bomb")), Is.LessThan(FewBytes));
    }

    [Test]
    public async Task Check_OfATreeOfManyThousandLevels_GoesNoWayTwice()
    {
        const int levels = 30_000;
        var rig = await EvilVault.RigAsync(Chain(levels));

        var report = await rig.CheckAsync(readData: false);

        Assert.That(report.Findings, Is.Empty);
    }

    [Test]
    public async Task Restore_OfPathsLongerThanABlockOfATable_MakesThem()
    {
        const int levels = 70;
        var name = new string('n', 250);
        var rig = await EvilVault.RigAsync(Chain(levels, name));

        var (report, volume) = await rig.RestoreAsync(2);

        Assert.That(report.Failed, Is.Empty);
        Assert.That(volume.Find(string.Join('/', Enumerable.Repeat(name, levels - 2))), Is.Not.Null);
    }

    [Test]
    public async Task Restore_OfAStreamThatClaimsExabytes_FailsThatFileAlone()
    {
        using var temp = new TempDirectory();
        var rig = await EvilVault.RigAsync(
        [
            EvilVault.Folder(1, 1, ""),
            EvilVault.File(2, 1, "small"),
            EvilVault.File(3, 1, "huge") with
            {
                Streams = [new StreamRecord { Name = "", Id = 0, SizeBytes = long.MaxValue, AllocatedBytes = 0, Traits = EntryTraits.Sparse, RawSizeBytes = null, Content = null }],
            },
        ]);
        using var target = new LocalRestoreTarget(temp.At("target"));

        var (report, _) = await rig.RestoreAsync(2, request => request with { Target = target });

        Assert.That(report.Failed.Select(item => item.Path), Is.EqualTo(new[] { "huge" }));
        Assert.That(File.Exists(temp.At("target/small")), Is.True);
        Assert.That((await rig.CheckAsync()).Findings, Is.Empty);
    }

    [Test]
    public async Task Restore_OfTimesThatNoClockHas_RestoresTheFile()
    {
        var (early, late) = (new Timestamp(long.MinValue, 1), new Timestamp(long.MaxValue, 999_999_999));
        var rig = await EvilVault.RigAsync(
            [EvilVault.Folder(1, 1, ""), EvilVault.File(2, 1, "early") with { Times = new(early, early, early, early) }, EvilVault.File(3, 1, "late") with { Times = new(late, late, late, late) }]);
        using var temp = new TempDirectory();
        using var target = new LocalRestoreTarget(temp.At("target"));

        var (simulated, volume) = await rig.RestoreAsync(2);
        var (real, _) = await rig.RestoreAsync(2, request => request with { Target = target });

        Assert.That(volume.Find("late"), Is.Not.Null);
        Assert.That(File.Exists(temp.At("target/late")), Is.True);
        Assert.That(simulated.Files, Is.EqualTo(2));
        Assert.That(real.Files, Is.EqualTo(2));
    }

    [Test]
    public async Task Open_AKeyBlobThatIsNoKey_IsPassedOver()
    {
        var rig = new EngineRig();
        rig.Volume.CreateFile("a", 100);
        await rig.BackupAsync();
        byte[][] junk = ["no JSON"u8.ToArray(), "{\"version\":1}"u8.ToArray(), []];
        foreach (var bytes in junk)
        {
            await using var vault = new Harness.Simulator.Vaults.MemoryVault(rig.Store);
            await vault.CreateAsync(BlobNames.Keys + Hash256.Of(bytes).ToString()[..32], bytes, default);
        }

        Assert.That(await rig.DifferencesAsync(1), Is.Empty);
    }

    private static List<EntryRecord> Chain(int levels, string name = "d")
    {
        var entries = new List<EntryRecord> { EvilVault.Folder(1, 1, "") };
        for (ulong i = 2; i < (ulong)levels; i++)
        {
            entries.Add(EvilVault.Folder(i, i - 1, name));
        }

        return entries;
    }

    /// <summary>Bytes that are reserved until it is refused as damage.</summary>
    private static long RefusedWithin(Action open)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        var error = Assert.Throws<BackupException>(() => open())!;
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.That(error.Code, Is.EqualTo(ErrorCode.VaultBlobDamaged));
        Assert.That(error.Message, Does.Contain("bomb"));
        return allocated;
    }

    /// <summary>A sealed blob of frames of any content, each authenticated.</summary>
    private static byte[] Sealed(IReadOnlyList<(byte Codec, byte[] Stored, uint RawBytes)> frames)
    {
        byte[] header = [.. "HVLT"u8, FormatLimits.Version, (byte)SealedType.Manifest, 0, 0, .. FuzzKeys.Ring.RepositoryId, .. FuzzKeys.Salt];
        using var cipher = FuzzKeys.Ring.SealedCipher(header.AsSpan(header.Length - KeyRing.SaltBytes));
        var blob = new List<byte>(header);
        var nonce = new byte[SealedBlob.NonceBytes];
        for (var i = 0; i < frames.Count; i++)
        {
            var (codec, stored, rawBytes) = frames[i];
            byte[] frame = [.. BitConverter.GetBytes(stored.Length), .. BitConverter.GetBytes(rawBytes), codec, i == frames.Count - 1 ? (byte)1 : (byte)0, 0, 0];
            var (encrypted, tag) = (new byte[stored.Length], new byte[FormatLimits.TagBytes]);
            SealedBlob.WriteNonce(nonce, (ulong)i);
            byte[] associated = [.. header, .. "m"u8, .. frame, .. BitConverter.GetBytes((ulong)i)];
            cipher.Encrypt(nonce, stored, encrypted, tag, associated);
            blob.AddRange([.. frame, .. encrypted, .. tag]);
        }

        return [.. blob];
    }
}
