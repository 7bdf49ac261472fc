using Harness.Engine.Model;
using Harness.Engine.Ports;
using Harness.Engine.Restore;
using Harness.Simulator.Compare;
using Harness.Simulator.Restore;
using Harness.Simulator.Volume;
using Harness.Tests.Engine.Faults;
using Harness.Tests.Support;
using NUnit.Framework;

namespace Harness.Tests.Engine;

/// <summary>Restores over what is there: what is right already is not fetched, and what comes out is what was protected.</summary>
[Parallelizable]
public sealed class RestoreReuseTests
{
    private const int Range = 1 << 20;

    [Test]
    public async Task Restore_OverAnEqualTree_FetchesNoDataAtAll()
    {
        var (rig, target) = await RestoredAsync();
        rig.WrapVault = vault => new FaultyVault(
            vault, call => call.Name.StartsWith("packs/", StringComparison.Ordinal) ? VaultFault.Before : null);

        var report = await OverwriteAsync(rig, target);

        Assert.That(report.Failed, Is.Empty);
        Assert.That((report.Files, report.UnchangedFiles, report.WrittenBytes), Is.EqualTo((3, 3, 0)));
        AssertSame(rig, target);
    }

    [Test]
    public async Task Restore_OverAnEqualTreeWithOtherMetadata_WritesNoFileAndSetsIt()
    {
        var (rig, target) = await RestoredAsync();
        var created = new List<string>();
        target.SetTimes("image.vhd", new EntryTimes(null, new Timestamp(1_000_000, 5), null, null));
        target.SetAttributes("small.txt", FileAttributes.Hidden);

        var report = await OverwriteAsync(rig, target, new ChangingTarget(new SimRestoreTarget(target), _ => { }, created));

        Assert.That(created, Is.Empty);
        Assert.That(report.UnchangedFiles, Is.EqualTo(3));
        AssertSame(rig, target);
    }

    [TestCase("a byte in a hole")]
    [TestCase("a stream more")]
    [TestCase("a stream less")]
    [TestCase("longer")]
    [TestCase("not sparse")]
    [TestCase("another name of it")]
    public async Task Restore_OverAFileThatIsNotQuiteEqual_WritesThatOneAnew(string difference)
    {
        var (rig, target) = await RestoredAsync();
        var path = difference is "a stream more" or "a stream less" ? "small.txt" : "sparse.bin";
        switch (difference)
        {
            case "a byte in a hole":
                target.Write(path, 3L * Range, [7]);
                break;
            case "a stream more":
                target.CreateStream("small.txt:other");
                break;
            case "a stream less":
                target.Delete("small.txt:more");
                break;
            case "longer":
                target.SetEndOfFile(path, (8L * Range) + 1);
                break;
            case "not sparse":
                target.ForceState(path, StreamFlags.None);
                break;
            default:
                target.CreateHardLink("other name", path);
                break;
        }

        var created = new List<string>();
        var report = await OverwriteAsync(rig, target, new ChangingTarget(new SimRestoreTarget(target), _ => { }, created));

        Assert.That(created, Is.EqualTo(new[] { path }));
        Assert.That(report.UnchangedFiles, Is.EqualTo(2));
        if (difference == "another name of it")
        {
            target.Delete("other name");
        }

        AssertSame(rig, target);
    }

    [TestCase(0L, 1, 0, 1)]
    [TestCase(Range - 1L, 2, 0, 2)]
    [TestCase((3L * Range) + 5000, 4096, 0, 1)]
    [TestCase(0L, 0, 777, 0)]
    [TestCase(0L, 0, -Range, 2)]
    public async Task Restore_OverAFileThatDiffers_FetchesOnlyTheRangesThatDo(
        long offset, int count, int growthBytes, int rangesFetched)
    {
        var (rig, target) = await RestoredAsync();
        var sizeBytes = target.Get("image.vhd").Streams[0].SizeBytes;
        target.Write("image.vhd", offset, [.. Enumerable.Repeat((byte)0xA5, count)]);
        target.SetEndOfFile("image.vhd", sizeBytes + growthBytes);

        var report = await OverwriteAsync(rig, target);

        // The last range is a short one, so two ranges missing are fewer bytes than two whole ones.
        var fetched = report.WrittenBytes - report.ReusedBytes;
        Assert.That(fetched, Is.InRange(Math.Max(0, ((rangesFetched - 1) * Range) + Math.Sign(rangesFetched)), rangesFetched * Range));
        Assert.That(report.ReceivedBytes, Is.LessThan(fetched + (128 << 10)));
        AssertSame(rig, target);
    }

    [Test]
    public async Task Restore_TargetThatChangesAfterItWasCompared_TakesTheVaultsBytes()
    {
        var (rig, target) = await RestoredAsync();

        var report = await OverwriteAsync(rig, target, new ChangingTarget(new SimRestoreTarget(target), path =>
        {
            if (path == "image.vhd")
            {
                target.Write(path, Range + 10, [1, 2, 3]);
            }
        }));

        Assert.That(report.Failed, Is.Empty);
        Assert.That(report.WrittenBytes - report.ReusedBytes, Is.EqualTo(Range));
        AssertSame(rig, target);
    }

    [Test]
    public async Task Restore_DataDamagedInTheVault_IsStillThereWhenTheTargetHoldsIt()
    {
        var (rig, target) = await RestoredAsync();
        foreach (var pack in rig.Store.Names("packs/"))
        {
            rig.Store.Corrupt(pack, bytes => [.. bytes.Select(b => (byte)(b ^ 1))]);
        }

        target.Write("small.txt", 0, "other"u8);
        var report = await OverwriteAsync(rig, target);

        Assert.That(report.Failed.Select(item => (item.Path, item.Reason)), Is.EqualTo(new[] { ("small.txt", "vault-damaged") }));
        Assert.That(report.UnchangedFiles, Is.EqualTo(2));
    }

    [Test]
    public async Task Restore_Skipping_LeavesAndFetchesNothingOfWhatIsThere()
    {
        var (rig, target) = await RestoredAsync();
        target.Write("image.vhd", 0, [9]);
        target.Delete("small.txt");

        var report = (await rig.RestoreAsync(change: request => request with
        {
            Target = new SimRestoreTarget(target),
            OnCollision = CollisionPolicy.Skip,
        })).Report;

        Assert.That(report.Kept, Is.EqualTo(new[] { "image.vhd", "sparse.bin" }));
        Assert.That(report.Files, Is.EqualTo(1));
        Assert.That(report.ReceivedBytes, Is.LessThan(256 << 10));
        Assert.That(target.Find("small.txt"), Is.Not.Null);
    }

    private static async Task<(EngineRig Rig, SimVolume Target)> RestoredAsync()
    {
        var rig = new EngineRig(21);
        rig.Volume.CreateFile("image.vhd");
        rig.Volume.WriteGenerated("image.vhd", 0, (5L * Range) + 1234, 77);
        rig.Volume.CreateFile("small.txt");
        rig.Volume.Append("small.txt", "small"u8);
        rig.Volume.CreateStream("small.txt:more", 3000);
        rig.Volume.WriteGenerated("small.txt:more", 0, 3000, 5);
        rig.Volume.CreateFile("sparse.bin");
        rig.Volume.SetSparse("sparse.bin");
        rig.Volume.SetEndOfFile("sparse.bin", 8L * Range);
        rig.Volume.WriteGenerated("sparse.bin", 6L * Range, 131_072, 6);
        await rig.BackupAsync();
        var (_, target) = await rig.RestoreAsync();
        AssertSame(rig, target);
        return (rig, target);
    }

    private static async Task<RestoreReport> OverwriteAsync(EngineRig rig, SimVolume target, IRestoreTarget? through = null) =>
        (await rig.RestoreAsync(change: request => request with
        {
            Target = through ?? new SimRestoreTarget(target),
            OnCollision = CollisionPolicy.Overwrite,
        })).Report;

    private static void AssertSame(EngineRig rig, SimVolume target) =>
        Assert.That(VolumeComparer.Compare(rig.Snapshots[^1], target, new VolumeComparison()), Is.Empty);

    /// <summary>A target in which something happens just before a file is looked at again or written; tells what was.</summary>
    private sealed class ChangingTarget(IRestoreTarget inner, Action<string> beforeCreate, List<string>? created = null) : IRestoreTarget
    {
        private readonly HashSet<string> _opened = new(StringComparer.Ordinal);

        public string DisplayName => inner.DisplayName;

        public ValueTask<bool> PrepareAsync(CancellationToken cancellationToken) => inner.PrepareAsync(cancellationToken);

        public ValueTask<EntryKind?> ProbeAsync(string path, CancellationToken cancellationToken) =>
            inner.ProbeAsync(path, cancellationToken);

        public ValueTask<UInt128?> IdentifyAsync(string path, CancellationToken cancellationToken) =>
            inner.IdentifyAsync(path, cancellationToken);

        public ValueTask<ISourceReader?> OpenExistingAsync(string path, string stream, CancellationToken cancellationToken)
        {
            if (!_opened.Add($"{path}:{stream}"))
            {
                beforeCreate(path);
            }

            return inner.OpenExistingAsync(path, stream, cancellationToken);
        }

        public ValueTask<IReadOnlyList<string>?> KeepFileAsync(
            string path, RestoreMetadata metadata, IReadOnlyList<RestoreStream> streams, CancellationToken cancellationToken) =>
            inner.KeepFileAsync(path, metadata, streams, cancellationToken);

        public ValueTask CreateDirectoryAsync(string path, CancellationToken cancellationToken) =>
            inner.CreateDirectoryAsync(path, cancellationToken);

        public ValueTask<IRestoreWriter> CreateFileAsync(
            string path, RestoreMetadata metadata, CancellationToken cancellationToken)
        {
            beforeCreate(path);
            created?.Add(path);
            return inner.CreateFileAsync(path, metadata, cancellationToken);
        }

        public ValueTask<IRestoreWriter> OpenDirectoryStreamsAsync(
            string path, RestoreMetadata metadata, CancellationToken cancellationToken) =>
            inner.OpenDirectoryStreamsAsync(path, metadata, cancellationToken);

        public ValueTask<IReadOnlyList<string>> FinishDirectoryAsync(
            string path, RestoreMetadata metadata, CancellationToken cancellationToken) =>
            inner.FinishDirectoryAsync(path, metadata, cancellationToken);
    }
}
