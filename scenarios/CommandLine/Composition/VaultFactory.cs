using Harness.Engine.Errors;
using Harness.Engine.Ports;
using Harness.Scenarios.CommandLine.Output;

namespace Harness.Scenarios.CommandLine.Composition;

/// <summary>Opens vaults for a command.</summary>
internal static class VaultFactory
{
    /// <summary>Opens by name; warns or refuses where the vault ends with the command.</summary>
    public static ValueTask<IVault> OpenAsync(VaultName name, VaultUse use, Terminal terminal, CancellationToken cancellationToken)
    {
        if (!name.OutlivesCommand && use == VaultUse.Existing)
        {
            throw new BackupException(
                ErrorCode.VaultEmpty,
                $"The vault '{name.Text}' starts empty with each command, so it holds no recovery point.",
                "Keep one running with 'harness azurite' and use the URL that it prints, or use dir:PATH.");
        }

        if (!name.OutlivesCommand)
        {
            terminal.Error.WriteLine(
                $"warning: the vault '{name.Text}' ends with this command, and its recovery point with it. To keep them, run "
                + "'harness azurite' in another terminal and use the URL that it prints, or use dir:PATH.");
        }

        throw new BackupException(ErrorCode.PlatformUnsupported, "stub");
    }
}
