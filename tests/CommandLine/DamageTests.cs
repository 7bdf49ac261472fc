using System.Text;
using Harness.Scenarios.CommandLine;
using Harness.Scenarios.CommandLine.Output;
using NUnit.Framework;

namespace Harness.Tests.CommandLine;

/// <summary>A vault that was written by another version, or whose blobs were changed, is told apart from a good one.</summary>
[TestFixture]
[Platform("Linux", Reason = "Directories are read on Linux.")]
public sealed class DamageTests
{
    private const int Seed = 54_400;

    [Test]
    public async Task Vault_OfAnotherFormatVersion_IsNamedAndLeftAlone()
    {
        using var area = await NewAreaAsync();
        var repo = Path.Combine(area.VaultDirectory, "repo");
        Rewrite(repo, text => text.Replace("\"version\":1", "\"version\":2", StringComparison.Ordinal));
        var before = Listing(area);

        var backup = (await area.BackupAsync()).Expect(5);
        var check = (await area.RunAsync("check", "--vault", area.Vault, "--passphrase-file", area.PassphraseFile)).Expect(5);

        Assert.That(backup.Json.GetProperty("error").GetProperty("code").GetString(), Is.EqualTo("VaultFormatUnsupported"));
        Assert.That(check.Error, Does.Contain("error VaultFormatUnsupported: ").And.Contain("2"));
        Assert.That(Listing(area), Is.EqualTo(before));
    }

    [TestCase("flipped")]
    [TestCase("truncated")]
    [TestCase("missing")]
    public async Task Check_OfEachDamagedBlob_FindsIt(string damage)
    {
        using var area = await NewAreaAsync();
        // Without its commit blob a recovery point was never made: nothing in the vault says otherwise.
        var blobs = Directory.GetFiles(area.VaultDirectory, "*", SearchOption.AllDirectories)
            .Where(path => damage != "missing" || !path.Contains("/commits/", StringComparison.Ordinal))
            .ToArray();
        var missed = new List<string>();
        foreach (var blob in blobs)
        {
            var content = await File.ReadAllBytesAsync(blob);
            Damage(blob, content, damage);
            var (exit, text) = await CheckInProcessAsync(area);
            await File.WriteAllBytesAsync(blob, content);
            if (exit is not (2 or 5))
            {
                missed.Add($"{Path.GetRelativePath(area.VaultDirectory, blob)}: exit {exit}\n{text}");
            }
        }

        Assert.That(blobs, Has.Length.GreaterThanOrEqualTo(5));
        Assert.That(missed, Is.Empty);
        Assert.That((await CheckInProcessAsync(area)).Exit, Is.Zero);
    }

    [Test]
    public async Task Restore_FromADamagedPack_SaysSoAndLeavesTheOtherRecoveryPointReadable()
    {
        using var area = await NewAreaAsync();
        var firstPacks = Packs(area);
        area.Write("second.bin", Noise(300_000, Seed + 1));
        (await area.BackupAsync()).Expect(0);
        var secondPack = Packs(area).Except(firstPacks, StringComparer.Ordinal).First();
        Damage(secondPack, await File.ReadAllBytesAsync(secondPack), "flipped");

        var check = await area.RunAsync(
            "check", "--vault", area.Vault, "--passphrase-file", area.PassphraseFile, "--read-data", "--json");
        var restore = await area.RunAsync(
            "restore", "--vault", area.Vault, "--target", area.In("broken"), "--passphrase-file", area.PassphraseFile);

        check.Expect(2);
        Assert.That(check.Json.GetProperty("ok").GetBoolean(), Is.False);
        Assert.That(check.Json.GetProperty("findings")[0].GetProperty("code").GetString(), Is.EqualTo("VaultBlobDamaged"));
        Assert.That(restore.Exit, Is.AnyOf(2, 3));
        Assert.That(restore.Error + restore.Out, Does.Contain("second.bin").Or.Contain("VaultBlobDamaged"));
        await area.RestoreAsync(1);
    }

    private static async Task<WorkArea> NewAreaAsync()
    {
        var area = new WorkArea();
        area.Write("first.bin", Noise(300_000, Seed));
        area.Write("folder/second.txt", "second"u8);
        (await area.BackupAsync()).Expect(0);
        return area;
    }

    private static async Task<(int Exit, string Text)> CheckInProcessAsync(WorkArea area)
    {
        var text = new StringWriter();
        var terminal = new Terminal(text, text, isOutLive: false, isErrorLive: false, canAsk: false);
        string[] args = ["check", "--vault", area.Vault, "--passphrase-file", area.PassphraseFile, "--read-data"];
        return (await Application.RunAsync(args, terminal, CancellationToken.None), text.ToString());
    }

    private static void Damage(string blob, byte[] content, string damage)
    {
        switch (damage)
        {
            case "flipped":
                var copy = content.ToArray();
                copy[copy.Length / 2] ^= 1;
                File.WriteAllBytes(blob, copy);
                break;
            case "truncated":
                File.WriteAllBytes(blob, content.AsSpan(0, content.Length - 1));
                break;
            default:
                File.Delete(blob);
                break;
        }
    }

    private static byte[] Noise(int length, int seed)
    {
        var bytes = new byte[length];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }

    private static string[] Packs(WorkArea area) =>
        Directory.GetFiles(Path.Combine(area.VaultDirectory, "packs"), "*", SearchOption.AllDirectories);

    private static IEnumerable<string> Listing(WorkArea area) =>
        Directory.GetFiles(area.VaultDirectory, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal);

    private static void Rewrite(string path, Func<string, string> change)
    {
        var text = File.ReadAllText(path, Encoding.UTF8);
        var changed = change(text);
        Assert.That(changed, Is.Not.EqualTo(text));
        File.WriteAllText(path, changed);
    }
}
