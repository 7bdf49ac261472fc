using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Harness.Engine.Azure;
using Harness.Engine.Errors;
using Harness.Scenarios.Searches.Processes;
using Harness.Simulator.Content;
using Harness.Tests.Support;
using NUnit.Framework;

namespace Harness.Tests.Processes;

/// <summary>
/// A line to a real Azurite breaks in the middle of a run, again and again: the run commits or fails clearly, nothing is lost, and the
/// next one commits. HARNESS_BROKEN_LINES sets how many seeds.
/// </summary>
[Category("Azurite")]
[Parallelizable(ParallelScope.All)]
public sealed class BrokenLineTests
{
    private const int DefaultSeeds = 3;
    private const int Files = 6;
    private const int FileBytes = 120_000;
    private const string Commits = "commits/";

    /// <summary>Patience enough for a healthy line on a busy machine, and little enough for a stalled one.</summary>
    private static readonly AzureVaultOptions Quick = new()
    {
        MaxRetries = 5,
        RetryDelay = TimeSpan.FromMilliseconds(1),
        MaxRetryDelay = TimeSpan.FromMilliseconds(4),
        TryTimeout = TimeSpan.FromSeconds(2),
        SlowestBytesPerSecond = 64 << 20,
    };

    private static int Seeds =>
        int.TryParse(Environment.GetEnvironmentVariable("HARNESS_BROKEN_LINES"), NumberStyles.None, CultureInfo.InvariantCulture, out var seeds) ? seeds : DefaultSeeds;

    [Test]
    public async Task Backup_OverALineThatBreaks_CommitsOrFailsClearlyAndTheNextCommits()
    {
        var (broken, codes) = (0, new List<ErrorCode?>());
        for (ulong seed = 0; seed < (ulong)Seeds; seed++)
        {
            var location = await SharedAzurite.NewContainerAsync();
            await using var direct = await SharedAzurite.OpenAsync(location);
            var choices = new SeededSequence(Mix.Of(seed, "line"));
            await using var line = new LineProxy(location.Service, _ => Draw(choices));
            await using var vault = await SharedAzurite.OpenAsync(AzureVaultLocation.Parse(line.Through(new Uri(location.DisplayName)), out _), Quick with { MaxRetries = 1 });
            var rig = new EngineRig(seed) { CountCommits = () => CommitsIn(direct) };
            for (var i = 0; i < Files; i++)
            {
                rig.Volume.CreateFile($"f{i}.bin", FileBytes, seed: (seed * 100) + (ulong)i);
            }

            rig.WrapVault = _ => vault;
            codes.Add(await TryBackupAsync(rig));
            rig.Volume.Write("f1.bin", 5000, [1, 2, 3]);
            codes.Add(await TryBackupAsync(rig));
            rig.WrapVault = _ => direct;
            _ = await rig.BackupAsync();

            broken += line.Broken;
            for (var point = 1; point <= rig.Snapshots.Count; point++)
            {
                Assert.That(await rig.DifferencesAsync(point), Is.Empty, $"seed {seed}: recovery point {point}");
            }

            Assert.That((await rig.CheckAsync()).Findings, Is.Empty, $"seed {seed}");
        }

        TestContext.Out.WriteLine($"{broken} connections broken; {string.Join(", ", codes.Select(code => $"{code?.ToString() ?? "committed"}"))}");
        Assert.That(broken, Is.AtLeast(Seeds));
        Assert.That(codes.Distinct(), Is.SubsetOf(new ErrorCode?[] { null, ErrorCode.VaultUnreachable }));
    }

    [TestCase(LineCut.Close)]
    [TestCase(LineCut.Reset)]
    [TestCase(LineCut.HalfClose)]
    [TestCase(LineCut.Stall)]
    public async Task Create_OnALineThatBreaksOnce_IsTriedAgain(object cut)
    {
        var location = await SharedAzurite.NewContainerAsync();
        await using var line = new LineProxy(location.Service, connection => connection == 1 ? new LineBreak((LineCut)cut, OnAnswer: false, 20_000) : null);
        await using var vault = await SharedAzurite.OpenAsync(AzureVaultLocation.Parse(line.Through(new Uri(location.DisplayName)), out _), Quick);
        var content = new byte[100_000];

        Assert.That(await vault.CreateAsync("packs/a", content, CancellationToken.None), Is.True);

        Assert.That(line.Broken, Is.EqualTo(1));
        Assert.That(await vault.ReadAsync("packs/a", content.Length, CancellationToken.None), Is.EqualTo(content));
    }

    [Test]
    public async Task Requests_ThatComeInPieces_AreCountedBeforeTheyPass()
    {
        using var server = new TcpListener(IPAddress.Loopback, 0);
        server.Start();
        var counted = new List<long>();
        await using var line = new LineProxy(new Uri($"http://{server.LocalEndpoint}"), onRequest: counted.Add);
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, line.Port);
        using var accepted = await server.AcceptSocketAsync();
        var text = "PUT /a HTTP/1.1\r\nContent-Length: 9\r\n\r\nGET /\r\n\r\nGET /b HTTP/1.1\r\nHost: x\r\n\r\n"u8.ToArray();

        var received = new StringBuilder();
        foreach (var letter in text)
        {
            client.GetStream().WriteByte(letter);
            var buffer = new byte[1];
            _ = await accepted.ReceiveAsync(buffer);
            received.Append((char)buffer[0]);
        }

        Assert.That(received.ToString(), Is.EqualTo(Encoding.ASCII.GetString(text)));
        Assert.That(counted, Is.EqualTo(new[] { 1L, 2L }), "the body that looks like a request is none");
    }

    private static LineBreak? Draw(SeededSequence choices)
    {
        lock (choices)
        {
            return choices.Permille(700)
                ? new LineBreak(choices.Pick(Enum.GetValues<LineCut>()), choices.Permille(400), 1 + choices.Below(choices.Permille(500) ? 3_000 : 300_000))
                : null;
        }
    }

    private static int CommitsIn(AzureBlobVault vault) =>
        Task.Run(async () => await vault.ListAsync(Commits, CancellationToken.None).CountAsync()).GetAwaiter().GetResult();

    private static async Task<ErrorCode?> TryBackupAsync(EngineRig rig)
    {
        try
        {
            _ = await rig.BackupAsync();
            return null;
        }
        catch (BackupException error)
        {
            return error.Code;
        }
    }
}
