using System.Globalization;
using Harness.Engine.Backup;
using Harness.Engine.Crypto;
using Harness.Engine.Format;
using Harness.Engine.Local.Scratch;
using Harness.Engine.Local.Sources;
using Harness.Engine.Ports;
using Harness.Engine.Rules;
using Harness.Scenarios.CommandLine.Composition;

namespace Harness.Scenarios.Searches.Processes;

/// <summary>A source, a vault and a scratch location on a real disk, and what each recovery point must give back. Disposing deletes it.</summary>
internal sealed class SoakWorld : IAsyncDisposable
{
    private const string Secret = "a passphrase of the soak";
    private const int PackBytes = 512 << 10;
    private const string SourceFolder = "source";

    private readonly string _root;
    private readonly Func<IVault> _open;

    /// <summary>Makes the source and the file of the passphrase; nothing is in the vault yet.</summary>
    /// <param name="root">A new directory.</param>
    /// <param name="vault">The vault as processes are given it.</param>
    /// <param name="open">Opens the vault in this process.</param>
    /// <param name="environment">Environment variables of the processes.</param>
    public SoakWorld(string root, string vault, Func<IVault> open, IReadOnlyDictionary<string, string?> environment)
    {
        (_root, VaultName, _open) = (root, vault, open);
        Environment = new Dictionary<string, string?>(environment) { ["XDG_CACHE_HOME"] = In("cache") };
        Directory.CreateDirectory(Source);
        File.WriteAllText(PassphraseFile, Secret + "\n");
    }

    /// <summary>The vault as processes are given it.</summary>
    public string VaultName { get; }

    /// <summary>Environment variables of the processes.</summary>
    public IReadOnlyDictionary<string, string?> Environment { get; }

    /// <summary>What each recovery point that is not forgotten must give back.</summary>
    public SortedDictionary<long, TreeImage> Points { get; } = [];

    /// <summary>Recovery points that somebody has asked to forget: they may be listed or not.</summary>
    public HashSet<long> Forgotten { get; } = [];

    /// <summary>What is protected.</summary>
    public string Source => In(SourceFolder);

    /// <summary>Where restores go.</summary>
    public string Target => In("restored");

    /// <summary>The scratch location.</summary>
    public string Scratch => In("scratch");

    private string PassphraseFile => In("passphrase");

    /// <summary>A path of this world.</summary>
    public string In(string name) => Path.Combine(_root, name);

    /// <summary>The arguments of a verb on the vault.</summary>
    public IReadOnlyList<string> Arguments(string verb, string vault, params IEnumerable<string> more) =>
        [verb, .. more, "--vault", vault, "--passphrase-file", PassphraseFile, "--json"];

    /// <summary>The arguments of a backup.</summary>
    public IReadOnlyList<string> BackupArguments(string vault) =>
        Arguments("backup", vault, Source, "--allow-case-sensitive", "--scratch", Scratch, "--name", SourceFolder);

    /// <summary>Makes the repository with small packs and a cheap key, by a first backup in this process.</summary>
    public async Task BeginAsync(CancellationToken cancellationToken)
    {
        using var scratch = new LocalScratch(Scratch);
        await using var vault = _open();
        var report = await new BackupJob(EngineFactory.Create(new NoProgress())).RunAsync(
            new BackupRequest
            {
                Source = new LinuxDirectorySource(Source, TimeProvider.System),
                SourceName = SourceFolder,
                Vault = vault,
                Scratch = scratch,
                Profile = ProfileCatalog.Load(ProfileCatalog.DefaultId),
                Passphrase = new Passphrase(Secret),
                NewRepository = new RepositoryParameters { KdfIterations = 1, PackBytes = PackBytes },
                AllowCaseSensitive = true,
            },
            cancellationToken);
        Points.Add(report.RecoveryPoint!.Value, TreeImage.Of(Source));
    }

    /// <summary>Bytes of all blobs whose name begins so.</summary>
    public async Task<long> StoredBytesAsync(string prefix, CancellationToken cancellationToken)
    {
        await using var vault = _open();
        return await vault.ListAsync(prefix, cancellationToken).Select(blob => blob.LengthBytes).SumAsync(cancellationToken);
    }

    /// <summary>Deletes a directory of this world, if it is there.</summary>
    public static void Delete(string directory)
    {
        if (Directory.Exists(directory))
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{_root} ({VaultName}, {Points.Count} recovery points)");

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        Delete(_root);
        return ValueTask.CompletedTask;
    }
}
