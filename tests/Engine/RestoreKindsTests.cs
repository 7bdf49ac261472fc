using Harness.Engine.Restore;
using Harness.Simulator.Compare;
using Harness.Simulator.Content;
using Harness.Simulator.Restore;
using Harness.Simulator.Volume;
using Harness.Tests.Support;
using NUnit.Framework;

namespace Harness.Tests.Engine;

/// <summary>Files come back stored as they were: sparse, compressed, encrypted, and their streams; or the report says what is lost.</summary>
[Parallelizable]
public sealed class RestoreKindsTests
{
    private const int MiB = 1 << 20;

    private static readonly string[] Kinds = ["sparse.bin", "packed.txt", "secret.bin", "streams.txt", "folder"];

    [Test]
    public async Task Restore_OfEveryKind_AllocatesAndMarksEachStreamAsItWas([Values] bool isIncremental)
    {
        var rig = await RigAsync(isIncremental);

        var (report, volume) = await rig.RestoreAsync();

        Assert.That(report.Notes, Is.Empty);
        foreach (var path in Kinds)
        {
            var (expected, actual) = (rig.Snapshots[^1].Get(path), volume.Get(path));
            Assert.That(
                actual.Streams.Select(stream => (stream.Name, stream.SizeBytes, SpaceOf(stream), stream.Flags)),
                Is.EquivalentTo(expected.Streams.Select(stream => (stream.Name, stream.SizeBytes, SpaceOf(stream), stream.Flags))),
                path);
            Assert.That(actual.EfsInfo.ToArray(), Is.EqualTo(expected.EfsInfo.ToArray()), path);
        }

        Assert.That(volume.Get("sparse.bin").Streams[0].AllocatedBytes, Is.LessThan(MiB));
        Assert.That(volume.Get("packed.txt").Streams[0].Flags, Is.EqualTo(StreamFlags.Compressed));
        Assert.That(volume.Get("secret.bin").Streams[0].Flags, Is.EqualTo(StreamFlags.Encrypted));
        Assert.That(VolumeComparer.Compare(rig.Snapshots[^1], volume, new VolumeComparison()), Is.Empty);
    }

    [Test]
    public async Task Restore_OfACompressedFileToLargeClusters_KeepsTheBytesAndSaysSo()
    {
        var rig = await RigAsync(isIncremental: false);
        var target = new SimVolume(rig.Volume.Settings with { ClusterBytes = 64 << 10 }, rig.Clock);

        var (report, _) = await rig.RestoreAsync(change: request => request with { Target = new SimRestoreTarget(target), Paths = ["packed.txt"] });

        Assert.That(report.Notes.Select(note => (note.Path, note.Message)), Has.Some.Matches<(string Path, string Message)>(
            note => note.Path == "packed.txt" && note.Message.Contains("compression", StringComparison.Ordinal)));
        var (expected, actual) = (new byte[300_000], new byte[300_000]);
        rig.Snapshots[0].Read("packed.txt", 0, expected);
        target.Read("packed.txt", 0, actual);
        Assert.That(actual.AsSpan().SequenceEqual(expected), Is.True);
    }

    [Test]
    public async Task Restore_OverAReadOnlyFile_ReplacesIt()
    {
        var rig = await RigAsync(isIncremental: false);
        var target = new SimVolume(rig.Volume.Settings, rig.Clock);
        target.CreateFile("packed.txt", 10);
        target.SetAttributes("packed.txt", FileAttributes.ReadOnly | FileAttributes.Hidden);

        var (report, _) = await rig.RestoreAsync(
            change: request => request with { Target = new SimRestoreTarget(target), OnCollision = CollisionPolicy.Overwrite });

        Assert.That(report.Failed, Is.Empty);
        Assert.That(VolumeComparer.Compare(rig.Snapshots[0], target, new VolumeComparison()), Is.Empty);
    }

    [Test]
    public async Task Restore_CancelledHalfWayAndRunAgain_FetchesWhatIsMissing()
    {
        var rig = new EngineRig(9);
        for (var i = 0; i < 12; i++)
        {
            rig.Volume.CreateFile($"file{i}.bin", (2 * MiB) + i, seed: (ulong)i + 1);
        }

        await rig.BackupAsync();
        var target = new SimVolume(rig.Volume.Settings, rig.Clock);
        using var cancel = new CancellationTokenSource();
        var onto = new RestoreRequest
        {
            Vault = new Harness.Simulator.Vaults.MemoryVault(rig.Store),
            Passphrase = new Harness.Engine.Crypto.Passphrase(rig.Passphrase),
            Target = new SimRestoreTarget(target),
            OnCollision = CollisionPolicy.Overwrite,
        };
        var services = rig.Services with { Progress = new CancellingProgress(cancel, afterFiles: 6) };

        Assert.That(
            async () => await new RestoreJob(services).RunAsync(onto, cancel.Token), Throws.InstanceOf<OperationCanceledException>());
        var left = target.Walk().Select(entry => entry.Name).ToList();
        var report = await new RestoreJob(rig.Services).RunAsync(onto, CancellationToken.None);

        Assert.That(left, Has.None.Contains("restore").And.Count.InRange(7, 12));
        Assert.That(report.UnchangedFiles, Is.EqualTo(left.Count - 1));
        Assert.That(report.WrittenBytes, Is.LessThan(7L * 3 * MiB));
        Assert.That(VolumeComparer.Compare(rig.Snapshots[0], target, new VolumeComparison()), Is.Empty);
    }

    private static async Task<EngineRig> RigAsync(bool isIncremental)
    {
        var rig = new EngineRig(4);
        var volume = rig.Volume;
        volume.CreateFile("sparse.bin");
        volume.SetSparse("sparse.bin");
        volume.SetEndOfFile("sparse.bin", 6 * MiB);
        volume.WriteGenerated("sparse.bin", 3 * MiB, 200_000, 3);
        volume.CreateFile("packed.txt", 300_000, ContentProfile.Text);
        volume.SetCompression("packed.txt");
        volume.CreateFile("secret.bin", 50_000);
        volume.Encrypt("secret.bin");
        volume.CreateFile("streams.txt", 400);
        volume.CreateStream("streams.txt:plain", 70_000);
        volume.CreateDirectory("folder");
        volume.CreateStream("folder:note", 900);
        await rig.BackupAsync();
        if (isIncremental)
        {
            volume.WriteGenerated("sparse.bin", 5 * MiB, 100_000, 8);
            volume.ZeroRange("sparse.bin", 3 * MiB, 65_536);
            volume.Append("packed.txt", "more"u8);
            volume.Append("secret.bin", "more"u8);
            volume.Append("streams.txt:plain", "more"u8);
            await rig.BackupAsync();
        }

        return rig;
    }

    /// <summary>The volume does not compress what was written byte by byte: how much it takes is not the restore's.</summary>
    private static long SpaceOf(VolumeStream stream) => stream.Flags.HasFlag(StreamFlags.Compressed) ? 0 : stream.AllocatedBytes;

    private sealed class CancellingProgress(CancellationTokenSource cancel, long afterFiles) : Harness.Engine.Ports.IProgressSink
    {
        public void Phase(string name)
        {
        }

        public void Advance(long doneBytes, long totalBytes, long doneFiles)
        {
            if (doneFiles >= afterFiles)
            {
                cancel.Cancel();
            }
        }
    }
}
