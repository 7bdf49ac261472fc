using Harness.Scenarios.Azurite;

namespace Harness.Tests.Support;

/// <summary>
/// The entry point of the test assembly when it is run as a program: the parent process that some tests kill.
/// <c>dotnet Harness.Tests.dll hold-azurite</c> starts Azurite, prints its process id, and waits to be killed.
/// </summary>
internal static class HelperProgram
{
    public static async Task<int> Main(string[] arguments)
    {
        if (arguments is not ["hold-azurite"])
        {
            await Console.Error.WriteLineAsync("usage: hold-azurite");
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
