using System.Globalization;
using Harness.Scenarios.Azurite;
using Harness.Tests.Processes;

namespace Harness.Tests.Support;

/// <summary>
/// The entry point of the test assembly when it is run as a program: the parent process that some tests kill.
/// <c>dotnet Harness.Tests.dll hold-azurite</c> starts Azurite, prints its process id, and waits to be killed; <c>die</c> is
/// <see cref="DyingEngine"/>.
/// </summary>
internal static class HelperProgram
{
    public static async Task<int> Main(string[] arguments)
    {
        if (arguments is [DyingEngine.Word, var verb, var root, var days, var call])
        {
            return await DyingEngine.MainAsync(
                verb, root, int.Parse(days, CultureInfo.InvariantCulture), long.Parse(call, CultureInfo.InvariantCulture));
        }

        if (arguments is not ["hold-azurite"])
        {
            await Console.Error.WriteLineAsync($"usage: hold-azurite | {DyingEngine.Word} VERB ROOT DAYS CALL");
            return 5;
        }

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
