using System.CommandLine;
using System.Globalization;
using System.Security.Cryptography;
using Harness.Engine.Errors;
using Harness.Scenarios.Azurite;
using Harness.Scenarios.CommandLine.Arguments;
using Harness.Scenarios.CommandLine.Composition;
using Harness.Scenarios.CommandLine.Output;
using Harness.Scenarios.Searches.Processes;

namespace Harness.Scenarios.CommandLine.Verbs;

/// <summary>Kills real processes for some time.</summary>
internal sealed class SoakVerb : Verb
{
    private const int LeastMiB = 64;
    private const int MostMiB = 1 << 20;

    private readonly Option<long?> _minutes = new("--minutes")
    {
        Description = "Begin no more cycles after so many minutes (default: 10).",
        HelpName = "M",
        CustomParser = result => Numbers.Read(result, 1, 100_000),
    };

    private readonly Option<long?> _cycles = new("--cycles")
    {
        Description = "End after so many cycles, whatever the time.",
        HelpName = "N",
        CustomParser = result => Numbers.Read(result, 1, long.MaxValue),
    };

    private readonly Option<ulong?> _seed = new("--seed") { Description = "Seed of edits and kills (default: a new one, which is printed).", HelpName = "SEED" };
    private readonly Option<DirectoryInfo?> _directory = new("--directory") { Description = "Where sources, vaults and restored trees go (default: a new one for temporary files).", HelpName = "DIR" };
    private readonly Option<long?> _disk = new("--disk")
    {
        Description = "MiB of the disk that may be used, and of the memory of Azurite (default: 1024).",
        HelpName = "MIB",
        CustomParser = result => Numbers.Read(result, LeastMiB, MostMiB),
    };

    private readonly Option<long?> _memory = new("--memory")
    {
        Description = "MiB that the heap of each process may take (default: 256).",
        HelpName = "MIB",
        CustomParser = result => Numbers.Read(result, LeastMiB, MostMiB),
    };

    private readonly Option<bool> _noAzurite = new("--no-azurite") { Description = "Vaults in directories only; otherwise every other one is on Azurite." };

    public SoakVerb(Terminal terminal)
        : base(
            terminal,
            "soak",
            "Run backups, restores, prunes, repairs as real processes on a real disk and a real Azurite, kill them (SIGKILL) at random moments and at "
            + "drawn requests, break their lines, run them again, check every byte and compare what is restored. One process at a time.",
            "harness soak --minutes 10",
            "harness soak --minutes 600 --seed 7 --disk 4096")
    {
        Add(_minutes);
        Add(_cycles);
        Add(_seed);
        Add(_directory);
        Add(_disk);
        Add(_memory);
        Add(_noAzurite);
    }

    /// <inheritdoc/>
    protected override async Task<int> RunAsync(ParseResult parse, CancellationToken cancellationToken)
    {
        LinuxOnly.Require("Directories as sources");
        var seed = parse.GetValue(_seed) ?? (ulong)RandomNumberGenerator.GetInt32(int.MaxValue);
        var limits = new SoakLimits
        {
            Time = TimeSpan.FromMinutes(parse.GetValue(_minutes) ?? 10),
            DiskBytes = (parse.GetValue(_disk) ?? 1024) << 20,
            MemoryBytes = (parse.GetValue(_memory) ?? 256) << 20,
        };
        var (directory, isOurs) = Open(parse.GetValue(_directory));
        Terminal.Out.WriteLine($"seed {seed}, in {directory}");
        var soak = new ProcessSoak(limits, seed, Terminal.Out.WriteLine);
        var settings = AzuriteSettings.FromEnvironment(Environment.GetEnvironmentVariable);
        var installer = new AzuriteInstaller(settings, Terminal.Error.WriteLine);
        await soak.RunAsync(
            directory,
            parse.GetValue(_noAzurite) ? null : async token => await AzuriteProcess.StartAsync(await installer.EnsureAsync(token), port: 0, token),
            parse.GetValue(_cycles) ?? long.MaxValue,
            cancellationToken);
        foreach (var line in soak.Tally.Lines())
        {
            Terminal.Out.WriteLine(line);
        }

        var findings = soak.Tally.Findings.Count;
        Terminal.Out.WriteLine(findings == 0
            ? string.Create(CultureInfo.InvariantCulture, $"Nothing was lost. Seed {seed}.")
            : string.Create(CultureInfo.InvariantCulture, $"{Sizes.Count(findings, "finding")}; the worlds are left in {directory}. Seed {seed}."));
        if (isOurs && findings == 0)
        {
            SoakWorld.Delete(directory);
        }

        cancellationToken.ThrowIfCancellationRequested();
        return findings == 0 ? ExitCodes.Ok : ExitCodes.UnexpectedResult;
    }

    private static (string Directory, bool IsOurs) Open(DirectoryInfo? given)
    {
        if (given is null)
        {
            return (Directory.CreateTempSubdirectory("harness-soak-").FullName, true);
        }

        try
        {
            given.Create();
            return (given.FullName, false);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new BackupException(ErrorCode.ArgumentInvalid, $"'{given}' cannot be made: {error.Message}", "Name another directory with --directory.");
        }
    }
}
