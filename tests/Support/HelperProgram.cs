using System.Globalization;
using Harness.Scenarios.Azurite;
using Harness.Tests.Mutants;
using Harness.Tests.Processes;

namespace Harness.Tests.Support;

/// <summary>
/// The entry point of the test assembly when it is run as a program.
/// <c>hold-azurite</c> starts Azurite, prints its process id, and waits to be killed: the parent process that some tests kill.
/// <c>die</c> is <see cref="DyingEngine"/>.
/// <c>mutants</c> takes safety measures of the engine away, one by one, and says which no test misses (.ci/mutants); it starts
/// <c>run-tests</c>, which runs a few tests.
/// </summary>
internal static class HelperProgram
{
    public static async Task<int> Main(string[] arguments)
    {
        switch (arguments)
        {
            case ["hold-azurite"]:
                return await HoldAzuriteAsync();
            case [DyingEngine.Word, var verb, var root, var days, var call]:
                return await DyingEngine.MainAsync(
                    verb, root, int.Parse(days, CultureInfo.InvariantCulture), long.Parse(call, CultureInfo.InvariantCulture));
            case ["mutants", .. var rest]:
                return MutantCommand.Run(rest, Console.Out, Console.Error);
            case [ChosenTests.Word, .. var names]:
                return new ChosenTests(names, Console.Error).Run();
            default:
                await Console.Error.WriteLineAsync($"usage: hold-azurite | {DyingEngine.Word} VERB ROOT DAYS CALL | mutants ... | {ChosenTests.Word} NAME...");
                return 5;
        }
    }

    private static async Task<int> HoldAzuriteAsync()
    {
        await using AzuriteProcess azurite = await AzuriteProcess.StartAsync(
            await new AzuriteInstaller(AzuriteSettings.FromEnvironment(Environment.GetEnvironmentVariable))
                .EnsureAsync(CancellationToken.None),
            port: 0,
            CancellationToken.None);
        await Console.Out.WriteLineAsync(azurite.ProcessId.ToString());
        await azurite.WaitForExitAsync(CancellationToken.None);
        return 0;
    }
}
