using System.Runtime.Versioning;

namespace Harness.Tests.EndToEnd;

/// <summary>Runs the verbs on one tree and one vault, with a cache beside the tree, and remembers what they took.</summary>
[SupportedOSPlatform("linux")]
internal sealed class HarnessUser
{
    private readonly RealTree _tree;
    private readonly Dictionary<string, string?> _environment;
    private readonly string[] _vault;

    internal HarnessUser(RealTree tree, string vault, IReadOnlyDictionary<string, string?> environment)
    {
        _tree = tree;
        _environment = new(environment) { ["XDG_CACHE_HOME"] = tree.In("cache") };
        var passphraseFile = tree.In("passphrase");
        File.WriteAllText(passphraseFile, "correct horse battery\n");
        _vault = ["--vault", vault, "--passphrase-file", passphraseFile];
    }

    internal long BackupPeakBytes { get; private set; }

    internal long RestorePeakBytes { get; private set; }

    internal async Task<MeasuredRun> BackupAsync()
    {
        var run = await RunAsync("backup", _tree.Root, "--allow-case-sensitive", "--json");
        BackupPeakBytes = Math.Max(BackupPeakBytes, run.PeakBytes);
        if (run.Exit == 0)
        {
            await NUnit.Framework.TestContext.Progress.WriteLineAsync(
                "  " + string.Join(", ", run.Json.GetProperty("phases").EnumerateArray()
                    .Select(p => $"{p.GetProperty("name").GetString()} {p.GetProperty("milliseconds").GetDouble():0} ms"))
                + $"; sent {run.Json.GetProperty("sentBytes").GetInt64():N0} bytes in {run.Json.GetProperty("requests").GetInt64():N0} requests");
        }

        return run;
    }

    /// <summary>Restores to a new directory and gives its path.</summary>
    internal async Task<string> RestoreAsync(long recoveryPoint)
    {
        var target = _tree.In($"restored-{recoveryPoint}");
        var run = await RunAsync("restore", "--recovery-point", $"{recoveryPoint}", "--target", target, "--json");
        run.Expect(0);
        RestorePeakBytes = Math.Max(RestorePeakBytes, run.PeakBytes);
        return target;
    }

    internal Task<MeasuredRun> CheckAsync() => RunAsync("check", "--read-data", "--json");

    private Task<MeasuredRun> RunAsync(string verb, params string[] arguments) =>
        MeasuredRun.OfAsync(_environment, [verb, .. arguments, .. _vault]);
}
