using Harness.Engine.Backup;
using Harness.Engine.Format;
using Harness.Engine.Rules;
using Harness.Simulator.Content;
using Harness.Simulator.Volume;
using Harness.Tests.Format.SecondReader;
using Harness.Tests.Support;
using NUnit.Framework;

namespace Harness.Tests.Format;

/// <summary>A stranger with FORMAT.md and the passphrase reads what the engine wrote.</summary>
[Parallelizable]
public sealed class SecondReaderTests
{
    [Test]
    public async Task Vault_ReadByASecondReader_GivesEveryRecoveryPointToTheByte()
    {
        var rig = await HistoryAsync();
        var reader = new SecondVaultReader(rig.Store.Snapshot(), rig.Passphrase);
        var count = 0;
        foreach (var (commit, state) in reader.RecoveryPoints("data"))
        {
            AssertEqual(reader, rig.Snapshots[count], state);
            Assert.That(commit.GetProperty("checkpoint").GetBoolean(), Is.EqualTo(count is 0 or 16), $"recovery point {count + 1}");
            count++;
        }

        Assert.That(count, Is.EqualTo(rig.Snapshots.Count));
    }

    [Test]
    public async Task Packs_ReadByTheirOwnFooters_HoldWhatTheIndexSays()
    {
        var rig = await HistoryAsync();
        var reader = new SecondVaultReader(rig.Store.Snapshot(), rig.Passphrase);

        var (byFooter, byIndex) = (reader.SegmentsByFooter(), reader.SegmentsByIndex());

        Assert.That(byFooter.Keys, Is.EquivalentTo(byIndex.Keys));
        Assert.That(reader.Codecs, Is.EquivalentTo(new byte[] { 0, 1, 2 }));
        Assert.That(byFooter.All(segment => byIndex[segment.Key].AsSpan().SequenceEqual(segment.Value)), Is.True);
    }

    [Test]
    public async Task Markers_ReadByASecondReader_SayWhatIsForgotten()
    {
        var rig = new EngineRig();
        for (var i = 0; i < 5; i++)
        {
            await rig.BackupAsync();
        }

        await rig.ForgetAsync(1, 2, 3);
        await rig.UndeleteAsync(2);
        await rig.UndeleteAsync(3);
        await rig.ForgetAsync(3);

        Assert.That(new SecondVaultReader(rig.Store.Snapshot(), rig.Passphrase).Forgotten("data"), Is.EqualTo(new[] { 1, 3 }));
    }

    [Test]
    public async Task Vault_HoldsNoBlobThatTheDocumentDoesNotName()
    {
        var rig = await HistoryAsync();

        Assert.That(
            rig.Store.Names().Select(name => name.Split('/')[0]).Distinct(),
            Is.EquivalentTo(new[] { "repo", "keys", "packs", "index", "manifests", "commits" }));
        Assert.That(FormatLimits.Version, Is.EqualTo(1));
    }

    [Test]
    public async Task Vault_WithPreservedLinks_GivesReparseDataAndEveryNameOfAFile()
    {
        var rig = new EngineRig { Parameters = new() { KdfIterations = 3 } };
        var volume = rig.Volume;
        volume.CreateDirectory("folder");
        volume.CreateFile("first.bin", 30_000, seed: 5);
        volume.CreateHardLink("folder/second.bin", "first.bin");
        volume.CreateHardLink("a third.bin", "first.bin");
        volume.CreateFile("link.txt");
        volume.SetReparsePoint("link.txt", ReparseTags.SymbolicLink, ReparseTags.DataFor(ReparseTags.SymbolicLink, "first.bin"));
        volume.CreateDirectory("junction");
        volume.SetReparsePoint("junction", ReparseTags.MountPoint, ReparseTags.DataFor(ReparseTags.MountPoint, "\\??\\C:\\folder"));
        await rig.BackupAsync(Preserving);
        volume.Rename("folder", "moved");
        volume.CreateHardLink("moved/fourth.bin", "first.bin");
        await rig.BackupAsync(Preserving);

        var seen = 0;
        foreach (var (commit, state) in new SecondVaultReader(rig.Store.Snapshot(), rig.Passphrase).RecoveryPoints("data"))
        {
            var snapshot = rig.Snapshots[seen++];
            var paths = state.Paths();
            Assert.That(commit.GetProperty("preserve").GetString(), Is.EqualTo("reparse-points,hard-links"));
            Assert.That(paths.Keys, Is.EquivalentTo(snapshot.Walk().Select(entry => entry.Path)));
            foreach (var link in snapshot.Walk().Where(entry => entry.ReparseTag is not null))
            {
                var reparse = paths[link.Path].Reparse!.Value;
                Assert.That((reparse.Tag, reparse.IsDirectory == 1), Is.EqualTo(((ulong)link.ReparseTag!.Value, link.IsDirectory)));
                Assert.That(reparse.Data, Is.EqualTo(link.ReparseData.ToArray()));
            }

            var names = paths.Where(item => item.Value == paths["first.bin"]).ToList();
            Assert.That(names, Has.Count.EqualTo(2 + seen));
            Assert.That(names[0].Value.Streams[0].Content, Is.EqualTo(Plain(snapshot, "first.bin", 30_000)));
        }

        Assert.That(seen, Is.EqualTo(2));
    }

    private static BackupRequest Preserving(BackupRequest request) =>
        request with { Profile = request.Profile.Preserving(PreserveModes.ReparsePoints | PreserveModes.HardLinks) };

    private static void AssertEqual(SecondVaultReader reader, VolumeSnapshot volume, VaultState state)
    {
        var paths = state.Paths();
        var skipped = state.Issues.ToHashSet();
        foreach (var entry in volume.Walk().Where(entry => !skipped.Contains(entry.Path)))
        {
            Assert.That(paths.Remove(entry.Path, out var read), Is.True, entry.Path);
            Assert.That(read!.Kind, Is.EqualTo(entry.IsDirectory ? 2 : 1), entry.Path);
            Assert.That(read.Attributes, Is.EqualTo((ulong)entry.Attributes), entry.Path);
            Assert.That(read.Protection, Is.EqualTo(entry.Attributes.HasFlag(FileAttributes.Encrypted) ? 1 : 0), entry.Path);
            Assert.That(read.EncryptionInfo, Is.EqualTo(entry.EfsInfo.ToArray()), entry.Path);
            Assert.That(read.SecurityBytes, Is.EqualTo(entry.Security.Bytes.ToArray()), entry.Path);
            var written = entry.Times.Written!.Value;
            Assert.That(read.Times[2], Is.EqualTo((written.UnixSeconds, (long)written.Nanoseconds)), entry.Path);
            foreach (var stream in entry.Streams.Where(stream => !skipped.Contains($"{entry.Path}:{stream.Name}")))
            {
                AssertEqual(reader, volume, entry, stream, read.Streams.Single(other => other.Name == stream.Name));
            }
        }

        Assert.That(paths.Keys, Is.Empty);
    }

    private static void AssertEqual(
        SecondVaultReader reader, VolumeSnapshot volume, VolumeEntry entry, VolumeStream stream, SecondStream read)
    {
        var path = stream.Name.Length == 0 ? entry.Path : $"{entry.Path}:{stream.Name}";
        Assert.That(read.SizeBytes, Is.EqualTo(stream.SizeBytes), path);
        if (read.RawBytes is null)
        {
            var content = new byte[stream.SizeBytes];
            volume.Read(path, 0, content);
            Assert.That(read.Content.AsSpan().SequenceEqual(content), Is.True, path);
        }
        else
        {
            Assert.That(Decrypted(entry, read), Is.EqualTo(Plain(volume, path, stream.SizeBytes)), path);
        }

        for (long range = 0; range << 20 < read.Content.Length; range++)
        {
            var bytes = read.Content.AsSpan((int)(range << 20), (int)Math.Min(1 << 20, read.Content.Length - (range << 20)));
            var listed = read.Kept!.Digests.GetValueOrDefault(range);
            Assert.That(listed == new string('0', 32) ? null : listed, Is.EqualTo(reader.Digest(bytes)), $"{path} range {range}");
        }
    }

    private static byte[] Plain(VolumeSnapshot volume, string path, long size)
    {
        var content = new byte[size];
        volume.Read(path, 0, content);
        return content;
    }

    /// <summary>The raw form is the simulator's, not the vault's: sectors under the file's key.</summary>
    private static byte[] Decrypted(VolumeEntry entry, SecondStream read)
    {
        var content = (byte[])read.Content.Clone();
        var key = EfsCipher.KeyOf(entry.EfsInfo.Span)!.Value;
        for (var at = 0; at + EfsCipher.SectorBytes <= content.Length; at += EfsCipher.SectorBytes)
        {
            EfsCipher.Decrypt(key, at / EfsCipher.SectorBytes, content.AsSpan(at, EfsCipher.SectorBytes));
        }

        return content[..(int)read.SizeBytes];
    }

    /// <summary>Twenty recovery points: patches over patches, shrinking, growing, holes, renames, and a checkpoint between.</summary>
    private static async Task<EngineRig> HistoryAsync()
    {
        var rig = new EngineRig { Parameters = new() { KdfIterations = 3, PackBytes = 256 << 10 } };
        var volume = rig.Volume;
        volume.CreateFile("image.vhd", (2 << 20) + 333);
        volume.CreateFile("notes.txt", 200_000, ContentProfile.Text);
        volume.CreateFile("database.bin", 400_000, ContentProfile.Random with { RatioPermille = 600 });
        volume.CreateDirectories("folder/Größe");
        volume.CreateFile("folder/Größe/x.bin", 5000);
        volume.CreateFile("secret.bin", 30_000);
        volume.Encrypt("secret.bin");
        volume.CreateStream("notes.txt:plain", 9000);
        volume.CreateStream("notes.txt:sparse", 9000);
        volume.SetSparse("notes.txt:sparse");
        volume.CreateFile("linked", 10);
        volume.CreateHardLink("linked 2", "linked");
        volume.CreateFile("holes.bin", 300_000);
        volume.SetSparse("holes.bin");
        volume.CreateFile("empty");
        await rig.BackupAsync();
        for (var run = 0; run < 19; run++)
        {
            volume.WriteGenerated("image.vhd", (run * 37 % 512) * 4096L, 4096 * (1 + (run % 3)), (ulong)run + 1);
            volume.SetEndOfFile("notes.txt", 200_000 - (run * 7001));
            volume.ZeroRange("holes.bin", run * 65_536L % 262_144, 65_536);
            var there = run % 2 == 0;
            volume.AppendGenerated(there ? "folder/Größe/x.bin" : "x.bin", 700, (ulong)run);
            volume.Rename(there ? "folder" : "moved", there ? "moved" : "folder");
            volume.Rename(there ? "moved/Größe/x.bin" : "x.bin", there ? "x.bin" : "folder/Größe/x.bin");
            volume.CreateFile($"new {run}", 3000 * run);
            if (run % 5 == 4)
            {
                volume.Write("secret.bin", run, "!"u8);
                volume.Delete($"new {run - 1}");
                volume.Delete($"image.vhd");
                volume.CreateFile("image.vhd", (1 << 20) + 4096 + run, seed: 77);
            }

            await rig.BackupAsync();
        }

        return rig;
    }
}
