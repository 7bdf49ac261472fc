using System.Diagnostics;
using System.Globalization;
using Harness.Engine.Restore;
using Harness.Tests.Support;

namespace Harness.Tests.Processes;

/// <summary>
/// The program side of the kill tests: an engine in a process of its own that kills itself (SIGKILL, so that nothing is tidied up and
/// nothing that the operating system does not have is written) before the n-th call to its disks.
/// <c>dotnet Harness.Tests.dll die VERB ROOT DAYS N</c>; exit code 0 when there were fewer calls.
/// </summary>
internal static class DyingEngine
{
    internal const string Word = "die";
    private const int KilledExit = 128 + 9;

    /// <summary>Whether a process of this program was killed.</summary>
    internal static bool IsKilled(int exit) => exit == KilledExit;

    /// <summary>Runs it as the parent of the tests: a process that is killed before its n-th call.</summary>
    internal static async Task<int> StartAsync(string verb, string root, int days, long call)
    {
        using var process = Process.Start(new ProcessStartInfo(
            "dotnet",
            [typeof(HelperProgram).Assembly.Location, Word, verb, root, $"{days}", string.Create(CultureInfo.InvariantCulture, $"{call}")])
        { UseShellExecute = false, RedirectStandardError = true })!;
        var error = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return process.ExitCode is 0 or KilledExit ? process.ExitCode : throw new InvalidOperationException(error);
    }

    /// <summary>The program.</summary>
    internal static async Task<int> MainAsync(string verb, string root, int days, long killedBefore)
    {
        var calls = 0L;
        await RunAsync(verb, new RealEngine(root, DieAsync, days));
        return 0;

        ValueTask DieAsync()
        {
            if (Interlocked.Increment(ref calls) == killedBefore)
            {
                Process.GetCurrentProcess().Kill();
            }

            // No call after the fatal one has an effect, should the system take a moment.
            return Interlocked.Read(ref calls) >= killedBefore ? new ValueTask(new TaskCompletionSource().Task) : default;
        }
    }

    /// <summary>One job by its verb.</summary>
    internal static async Task RunAsync(string verb, RealEngine engine)
    {
        switch (verb)
        {
            case "backup":
                await engine.BackupAsync();
                break;
            case "prune":
                await engine.PruneAsync();
                break;
            case "restore":
                await engine.RestoreAsync(onCollision: CollisionPolicy.Overwrite);
                break;
            case "repair":
                await engine.RepairAsync();
                break;
            case "forget":
                await engine.ForgetAsync(1);
                break;
            default:
                throw new ArgumentException($"'{verb}' is no verb.", nameof(verb));
        }
    }
}
