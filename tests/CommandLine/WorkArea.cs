using System.Diagnostics;
using System.Security.Cryptography;
using NUnit.Framework;

namespace Harness.Tests.CommandLine;

/// <summary>A directory of its own for one test: a source, a vault, a cache, a passphrase file.</summary>
internal sealed class WorkArea : IDisposable
{
    public const string Passphrase = "correct horse battery";

    public WorkArea()
    {
        Directory.CreateDirectory(Source);
        File.WriteAllText(PassphraseFile, Passphrase + "\n");
    }

    public string Root { get; } = Directory.CreateTempSubdirectory("harness-cli-").FullName;

    public string Source => In("source");

    public string VaultDirectory => In("vault");

    public string Vault => "dir:" + VaultDirectory;

    public string PassphraseFile => In("passphrase");

    /// <summary>The caches of a run stay within the area.</summary>
    public Dictionary<string, string?> Environment => new(StringComparer.Ordinal) { ["XDG_CACHE_HOME"] = In("cache") };

    /// <summary>A path within the area.</summary>
    public string In(string path) => Path.Combine(Root, path);

    /// <summary>Writes a file of the source; returns its full path.</summary>
    public string Write(string path, ReadOnlySpan<byte> content)
    {
        var full = Path.Combine(Source, path);
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        File.WriteAllBytes(full, content);
        return full;
    }

    /// <summary>Runs a verb with the area's cache.</summary>
    public Task<HarnessRun> RunAsync(params string[] args) => HarnessRun.OfAsync(Environment, args);

    /// <summary>Backs the source up as JSON.</summary>
    public Task<HarnessRun> BackupAsync(params string[] more) => RunAsync(
        ["backup", Source, "--vault", Vault, "--passphrase-file", PassphraseFile, "--allow-case-sensitive", "--json", .. more]);

    /// <summary>Restores as JSON into a new directory of the area; returns its path.</summary>
    public async Task<string> RestoreAsync(long recoveryPoint)
    {
        var target = In($"restored-{recoveryPoint}");
        (await RunAsync(
            "restore", "--vault", Vault, "--recovery-point", $"{recoveryPoint}", "--target", target,
            "--passphrase-file", PassphraseFile, "--json")).Expect(0);
        return target;
    }

    /// <summary>
    /// What a tree holds, as the system's own tools see it: kind, size, allocation in 512-byte blocks, permissions, time of last
    /// write, and a digest of the content, by path.
    /// </summary>
    public static async Task<SortedDictionary<string, string>> PictureAsync(string directory)
    {
        using var find = Process.Start(new ProcessStartInfo(
            "find", [directory, "-printf", "%P|%y|%s|%b|%m|%T@\\n"])
        { UseShellExecute = false, RedirectStandardOutput = true })!;
        var lines = await find.StandardOutput.ReadToEndAsync();
        await find.WaitForExitAsync();
        Assert.That(find.ExitCode, Is.Zero);
        var picture = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var line in lines.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            var parts = line.Split('|');
            var (path, kind) = (parts[0], parts[1]);
            picture[path] = kind == "f"
                ? $"file {parts[2]} bytes, {parts[3]} blocks, mode {parts[4]}, written {parts[5]}, {Digest(Path.Combine(directory, path))}"
                : $"{kind} mode {parts[4]}, written {parts[5]}";
        }

        return picture;
    }

    /// <inheritdoc/>
    public void Dispose() => Directory.Delete(Root, recursive: true);

    private static string Digest(string path)
    {
        using var stream = File.OpenRead(path);
        return Convert.ToHexStringLower(SHA256.HashData(stream));
    }
}
