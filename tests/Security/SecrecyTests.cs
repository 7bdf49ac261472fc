using System.Buffers.Binary;
using System.Text;
using Harness.Engine.Azure;
using Harness.Engine.Local.Vaults;
using Harness.Simulator.Content;
using Harness.Tests.Local;
using Harness.Tests.Support;
using NUnit.Framework;

namespace Harness.Tests.Security;

/// <summary>What an observer of the vault or of the wire learns is what FORMAT.md section 11 says, and no more.</summary>
[Parallelizable(ParallelScope.All)]
public sealed class SecrecyTests
{
    private const string Passphrase = "Zebra-Quartz passphrase 7391";
    private const long OddBytes = 1_234_567;

    private static readonly string[] Words =
    [
        "kingfisher-name", "kingfisher-folder", "kingfisher-stream", "kingfisher-content", "kingfisher-source", "kingfisher-link", Passphrase, Environment.MachineName,
        Environment.UserName, "Zebra-Quartz",
    ];

    [Test]
    public async Task Directory_AllThatAVaultHolds_SaysNothing()
    {
        using var temp = new TempDirectory();
        var rig = Rig();
        rig.WrapVault = _ => DirectoryVault.Open(temp.At("vault"));
        var commits = 0;
        rig.CountCommits = () => commits++;

        await LiveAsync(rig);

        var files = Directory.GetFiles(temp.At("vault"), "*", SearchOption.AllDirectories);
        var found = files.Select(file => (file, Found: Markers.FoundIn([.. Encoding.UTF8.GetBytes(Path.GetRelativePath(temp.Path, file)), .. File.ReadAllBytes(file)], Looked())))
            .Where(item => item.Found is not null);
        Assert.That(files, Has.Length.GreaterThan(15));
        Assert.That(found, Is.Empty);
        Assert.That(files.Where(file => HoldsSize(File.ReadAllBytes(file))), Is.Empty);
    }

    [Test]
    [Category("Azurite")]
    public async Task Azure_AllThatGoesOverTheWire_SaysNothing()
    {
        var sent = new List<byte[]>();
        var location = await SharedAzurite.NewContainerAsync();
        var rig = Rig();
        await using var vault = await SharedAzurite.OpenAsync(location, new AzureVaultOptions { WrapTransport = inner => new RecordingTransport(inner, sent) });
        rig.WrapVault = _ => vault;
        var commits = 0;
        rig.CountCommits = () => commits++;

        await LiveAsync(rig);

        var heads = sent.Select(request => Encoding.Latin1.GetString(request).Split("\n\n")[0]).ToList();
        Assert.That(sent, Has.Count.GreaterThan(40));
        Assert.That(sent.Select(request => Markers.FoundIn(request, Looked())).OfType<string>(), Is.Empty);
        Assert.That(sent.Where(request => HoldsSize(request)), Is.Empty);
        Assert.That(heads.Where(head => head.Contains("x-ms-meta", StringComparison.OrdinalIgnoreCase)), Is.Empty, "blobs have no metadata");
        Assert.That(
            heads.SelectMany(head => head.Split('\n').Skip(1)).Select(line => line.Split(':')[0]).Where(IsHeader).Distinct(StringComparer.OrdinalIgnoreCase),
            Is.SubsetOf(new[]
            {
                "x-ms-version", "Accept", "x-ms-client-request-id", "x-ms-return-client-request-id", "x-ms-date", "Authorization", "If-None-Match", "x-ms-blob-type", "Content-MD5",
                "Content-Length", "Content-Type", "x-ms-range", "traceparent", "User-Agent", "Expect",
            }));
    }

    [TestCase("one vault", "another vault")]
    [TestCase("one source", "another source")]
    public async Task Vaults_OfTheSameFiles_HaveNoBlobAndNoSegmentInCommon(string one, string other)
    {
        var (first, second) = (Rig(seed: 1), Rig(seed: 2));
        if (one == "one source")
        {
            second = new EngineRig(seed: 2, store: first.Store) { Passphrase = Passphrase, Parameters = first.Parameters, SourceName = other };
            Populate(second);
        }

        await first.BackupAsync();
        var before = first.Store.Snapshot();
        await second.BackupAsync(request => request with { SourceName = other });

        var added = second.Store.Snapshot().Where(blob => one == "one vault" || !before.ContainsKey(blob.Key)).ToList();
        Assert.That(added, Is.Not.Empty);
        Assert.That(added.Select(blob => Convert.ToHexString(blob.Value)).Intersect(before.Values.Select(Convert.ToHexString)), Is.Empty);
        Assert.That(Windows(added.Where(IsSealed)).Intersect(Windows(before.Where(IsSealed))), Is.Empty, "no 16 encrypted bytes in common");
    }

    /// <summary>What section 11 states: one who may write to the source sees by what is sent whether the vault has had the content already.</summary>
    [Test]
    public async Task Observer_OfAChosenFile_LearnsWhetherTheVaultHasItAndOnlyThat()
    {
        var rig = Rig();
        await rig.BackupAsync();
        rig.Volume.CreateFile("chosen", 200_000, ContentProfile.Random, 77);
        var unknown = await SentAsync(rig);
        rig.Volume.CreateFile("chosen again", 200_000, ContentProfile.Random, 77);

        var known = await SentAsync(rig);

        Assert.That(unknown, Is.GreaterThan(200_000));
        Assert.That(known, Is.LessThan(10_000));
    }

    [TestCase("UTF-8")]
    [TestCase("Base64")]
    [TestCase("UTF-16")]
    public void Search_ForAPlantedWord_FindsIt(string form)
    {
        var word = Words[0];
        byte[] planted = form switch
        {
            "Base64" => Encoding.ASCII.GetBytes(Convert.ToBase64String(Encoding.UTF8.GetBytes($"some text, {word}, and more"))),
            "UTF-16" => Encoding.Unicode.GetBytes(word),
            _ => Encoding.UTF8.GetBytes(word),
        };

        Assert.That(Markers.FoundIn([1, 2, 3, .. planted, 4], Words), Does.Contain(form));
        Assert.That(Markers.FoundIn("nothing of the kind"u8, Words.Where(known => known.Length > 8)), Is.Null);
    }

    private static bool IsHeader(string name) => name.Length is > 3 and < 40 && name.All(c => char.IsAsciiLetterOrDigit(c) || c == '-');

    /// <summary>Short names of machines and users occur by chance.</summary>
    private static IEnumerable<string> Looked() => Words.Where(word => word.Length >= 8);

    private static bool IsSealed(KeyValuePair<string, byte[]> blob) => blob.Key.Contains('/', StringComparison.Ordinal) && !blob.Key.StartsWith("keys/", StringComparison.Ordinal);

    private static HashSet<UInt128> Windows(IEnumerable<KeyValuePair<string, byte[]>> blobs)
    {
        const int header = 56;
        var windows = new HashSet<UInt128>();
        foreach (var (_, content) in blobs)
        {
            for (var at = header; at + 16 <= content.Length - 24; at++)
            {
                windows.Add(BinaryPrimitives.ReadUInt128LittleEndian(content.AsSpan(at)));
            }
        }

        return windows;
    }

    /// <summary>An odd size is nowhere, as a number of any width or as digits.</summary>
    private static bool HoldsSize(byte[] bytes)
    {
        var size = new byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(size, OddBytes);
        return bytes.AsSpan().IndexOf(size.AsSpan(0, 5)) >= 0 || Markers.FoundIn(bytes, $"{OddBytes}") is not null;
    }

    private static EngineRig Rig(ulong seed = 1)
    {
        var rig = new EngineRig(seed) { Passphrase = Passphrase, Parameters = new() { KdfIterations = 1, PackBytes = 64 << 10 }, SourceName = "kingfisher-source" };
        Populate(rig);
        return rig;
    }

    private static void Populate(EngineRig rig)
    {
        rig.Volume.CreateDirectories("kingfisher-folder");
        rig.Volume.CreateFile("kingfisher-folder/kingfisher-name.txt");
        rig.Volume.Write("kingfisher-folder/kingfisher-name.txt", 0, Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("kingfisher-content ", 500))));
        rig.Volume.CreateStream("kingfisher-folder/kingfisher-name.txt:kingfisher-stream");
        rig.Volume.WriteGenerated("kingfisher-folder/kingfisher-name.txt:kingfisher-stream", 0, 3000, seed: 6);
        rig.Volume.CreateFile("odd.bin", OddBytes, ContentProfile.Random, 5);
        rig.Volume.CreateFile("kingfisher-link.doc", 5000, ContentProfile.Text, 8);
        rig.Volume.Encrypt("kingfisher-link.doc");
    }

    /// <summary>Every kind of blob: backups, a forgotten point, a prune, a restore, a check.</summary>
    private static async Task LiveAsync(EngineRig rig)
    {
        for (var i = 1; i <= 3; i++)
        {
            await rig.BackupAsync(request => request with { SourceName = "kingfisher-source" });
            rig.Volume.CreateFile($"kingfisher-name {i}", 3000 + i, seed: (ulong)i);
        }

        await rig.ForgetAsync(1);
        rig.Clock.Advance(TimeSpan.FromDays(20));
        await rig.PruneAsync(maxUnusedPercent: 0);
        await rig.ForgetAsync(2);
        await rig.UndeleteAsync(2);
        await rig.RestoreAsync(3);
        await rig.CheckAsync();
        await rig.RecoveryPointsAsync();
        await rig.RepairAsync();
    }

    private static async Task<long> SentAsync(EngineRig rig)
    {
        var before = rig.Store.UsedBytes;
        await rig.BackupAsync(request => request with { SourceName = "kingfisher-source" });
        return rig.Store.UsedBytes - before;
    }
}
