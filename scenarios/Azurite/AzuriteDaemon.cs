using Harness.Engine.Errors;

namespace Harness.Scenarios.Azurite;

/// <summary>
/// Azurite in the foreground, for people who want several commands to see one vault: prints how to reach it and runs until
/// it is cancelled. What it holds is gone then.
/// </summary>
/// <param name="settings">Where other commands look for it.</param>
/// <param name="installer">Finds or installs Azurite.</param>
public sealed class AzuriteDaemon(AzuriteSettings settings, AzuriteInstaller installer)
{
    /// <summary>
    /// Runs until cancelled, which is the normal end. AzuriteStartFailed when Azurite ends by itself; else as
    /// <see cref="AzuriteProcess.StartAsync"/>.
    /// </summary>
    /// <param name="port">The TCP port, or 0 for a free one.</param>
    /// <param name="output">Gets the address and the connection string.</param>
    /// <param name="cancellationToken">Ends it: Ctrl-C or SIGTERM.</param>
    public async Task RunAsync(int port, TextWriter output, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(output);
        AzuriteInstallation installation = await installer.EnsureAsync(cancellationToken);
        await using AzuriteProcess azurite = await AzuriteProcess.StartAsync(installation, port, cancellationToken);
        using IDisposable announcement = RunningAzurite.Announce(settings, azurite);
        await output.WriteAsync(Describe(azurite));
        await output.FlushAsync(cancellationToken);
        try
        {
            await azurite.WaitForExitAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            return;
        }

        throw new BackupException(
            ErrorCode.AzuriteStartFailed, $"Azurite ended by itself. Its last output:{Environment.NewLine}{azurite.Output}");
    }

    private static string Describe(AzuriteProcess azurite) =>
        $"""
        # Azurite listens until Ctrl-C; its data is in memory. Other harness commands find it by this name:
        --vault azurite
        # Any other tool, or harness by URL (any container name will do; "azurite" is the container "vault"):
        export AZURE_STORAGE_CONNECTION_STRING='{azurite.ConnectionString}'
        --vault {azurite.Endpoint}/vault

        """;
}
