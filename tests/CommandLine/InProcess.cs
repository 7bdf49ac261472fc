using Harness.Scenarios.CommandLine;
using Harness.Scenarios.CommandLine.Output;

namespace Harness.Tests.CommandLine;

/// <summary>Runs a command line as the program does, without the half second that a process takes.</summary>
internal static class InProcess
{
    /// <summary>Runs to the end.</summary>
    public static async Task<HarnessRun> RunAsync(string[] args, CancellationToken cancellationToken = default)
    {
        var (output, error) = (new StringWriter(), new StringWriter());
        var terminal = new Terminal(output, error, isOutLive: false, isErrorLive: false, canAsk: false);
        var exit = await Application.RunAsync(args, terminal, cancellationToken);
        return new HarnessRun(exit, output.ToString(), error.ToString());
    }

    /// <summary>Backs an area's source up as JSON.</summary>
    public static Task<HarnessRun> BackupAsync(WorkArea area, params string[] more) => RunAsync(
        [
            "backup", area.Source, "--vault", area.Vault, "--passphrase-file", area.PassphraseFile, "--allow-case-sensitive",
            "--scratch", area.In("scratch"), "--json", .. more,
        ]);
}
