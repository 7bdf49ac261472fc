using System.Globalization;
using System.Text.Json;
using Harness.Engine.Azure;
using Harness.Engine.Local.Vaults;
using Harness.Engine.Ports;
using Harness.Scenarios.Azurite;
using Harness.Simulator.Content;

namespace Harness.Scenarios.Searches.Processes;

/// <summary>
/// Worlds one after the other, each for some cycles or until its vault is large: real processes on a real disk, every other one with its
/// vault on a real Azurite, killed and run again. A world in which something did not hold is left on the disk, and the next one begins.
/// What is edited and when is killed follows from the seed; how far a process had come by then does not.
/// </summary>
internal sealed class ProcessSoak(SoakLimits limits, ulong seed, Action<string> tell)
{
    private const int CyclesOfAWorld = 40;
    private const int FirstFiles = 20;
    private const int FirstFileBytes = 60_000;

    private static readonly string[] Credentials = ["AZURE_STORAGE_CONNECTION_STRING", "AZURE_STORAGE_SAS_TOKEN", "AZURE_STORAGE_KEY"];

    private readonly long _begun = TimeProvider.System.GetTimestamp();

    /// <summary>What it did.</summary>
    public SoakTally Tally { get; } = new();

    private bool IsOver => TimeProvider.System.GetElapsedTime(_begun) >= limits.Time;

    /// <summary>Runs until the time is over.</summary>
    /// <param name="directory">Where the worlds are, on the disk that is to be used.</param>
    /// <param name="azurite">Gives an Azurite that is started; null leaves it out.</param>
    /// <param name="mostCycles">Cycles after which it ends, whatever the time.</param>
    /// <param name="cancellationToken">Ends it between two cycles.</param>
    public async Task RunAsync(
        string directory, Func<CancellationToken, Task<AzuriteProcess>>? azurite, long mostCycles, CancellationToken cancellationToken)
    {
        for (var number = 0; !IsOver && Tally.Counts.GetValueOrDefault("cycles") < mostCycles && !cancellationToken.IsCancellationRequested; number++)
        {
            var root = Path.Combine(directory, string.Create(CultureInfo.InvariantCulture, $"soak-{seed}-{number}"));
            SoakWorld.Delete(root);
            Directory.CreateDirectory(root);
            var server = azurite is not null && number % 2 == 1 ? await azurite(cancellationToken) : null;
            var world = server is null ? OnDisk(root) : OnAzurite(root, server, number);
            var before = Tally.Findings.Count;
            await RunAsync(world, server?.Endpoint, Mix.Of(seed, (ulong)number), mostCycles, cancellationToken);
            Tally.Add("worlds");
            if (Tally.Findings.Count == before)
            {
                await world.DisposeAsync();
            }

            if (server is not null)
            {
                // It gives memory back only when it ends.
                await server.DisposeAsync();
            }
        }
    }

    private async Task RunAsync(SoakWorld world, Uri? server, ulong worldSeed, long mostCycles, CancellationToken cancellationToken)
    {
        var choices = new SeededSequence(worldSeed);
        var edits = new TreeEdits(world.Source, worldSeed, limits.SourceBytes);
        var before = Tally.Findings.Count;
        edits.Create(FirstFiles, FirstFileBytes);
        await world.BeginAsync(cancellationToken);
        var verbs = new KilledVerb(world, choices, server, Tally);
        for (var number = 0; number < CyclesOfAWorld; number++)
        {
            if (IsOver || Tally.Counts.GetValueOrDefault("cycles") >= mostCycles || cancellationToken.IsCancellationRequested
                || await world.StoredBytesAsync("", cancellationToken) > limits.VaultBytes)
            {
                break;
            }

            try
            {
                await new SoakCycle(world, edits, choices, verbs, server is not null, Tally, Find).RunAsync(cancellationToken);
            }
            catch (Exception error) when (error is TimeoutException or JsonException)
            {
                Find(error.Message);
            }

            Tally.Add("cycles");
            if (Tally.Findings.Count > before)
            {
                break;
            }

            void Find(string what)
            {
                var finding = string.Create(CultureInfo.InvariantCulture, $"cycle {number} of {world}: {what.Trim()}");
                Tally.Find(finding);
                tell(finding);
            }
        }

        Tally.Add("recovery points made", world.Points.Count + world.Forgotten.Count);
        tell(string.Create(
            CultureInfo.InvariantCulture,
            $"{TimeProvider.System.GetElapsedTime(_begun).TotalMinutes:F1} min: {Tally.Counts.GetValueOrDefault("cycles")} cycles, {Tally.Findings.Count} findings; {world}"));
    }

    private SoakWorld OnDisk(string root)
    {
        var vault = Path.Combine(root, "vault");
        return new SoakWorld(root, $"dir:{vault}", () => DirectoryVault.Open(vault), Environment(null));
    }

    private SoakWorld OnAzurite(string root, AzuriteProcess azurite, int number)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"{azurite.Endpoint.AbsoluteUri}/soak-{number}");
        return new SoakWorld(
            root,
            name,
            IVault () => AzureBlobVault.Open(
                AzureVaultLocation.Parse(name, out _), AzureVaultCredential.FromKey(azurite.AccountKey, azurite.AccountName)),
            Environment(azurite.AccountKey));
    }

    private Dictionary<string, string?> Environment(string? key)
    {
        var environment = Credentials.ToDictionary(name => name, string? (name) => name == "AZURE_STORAGE_KEY" ? key : null, StringComparer.Ordinal);
        environment["DOTNET_GCHeapHardLimit"] = string.Create(CultureInfo.InvariantCulture, $"0x{limits.MemoryBytes:X}");
        return environment;
    }
}
