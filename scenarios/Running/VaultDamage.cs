using Harness.Engine.Errors;
using Harness.Engine.Ports;
using Harness.Scenarios.Model;

namespace Harness.Scenarios.Running;

/// <summary>Damages one blob through the port, so that it works on every vault.</summary>
internal static class VaultDamage
{
    private const int MaxBlobBytes = 256 << 20;

    /// <summary>Damages the first blob that matches; ScenarioInvalid when none does. Returns what was done.</summary>
    public static async ValueTask<string> ApplyAsync(IVault vault, DamageStep step, CancellationToken cancellationToken)
    {
        var name = await FindAsync(vault, step.Blob, cancellationToken);
        var content = await vault.ReadAsync(name, MaxBlobBytes, cancellationToken);
        await vault.DeleteAsync(name, cancellationToken);
        if (step.Kind == DamageKind.Flip)
        {
            content[content.Length / 2] ^= 0x10;
            await vault.CreateAsync(name, content, cancellationToken);
        }
        else if (step.Kind == DamageKind.Truncate)
        {
            await vault.CreateAsync(name, content.AsMemory(0, content.Length / 2), cancellationToken);
        }

        return $"{step.Kind} {name}";
    }

    private static async ValueTask<string> FindAsync(IVault vault, string pattern, CancellationToken cancellationToken)
    {
        await foreach (var blob in vault.ListAsync("", cancellationToken))
        {
            if (Glob.MatchesPath(pattern, blob.Name))
            {
                return blob.Name;
            }
        }

        throw new BackupException(ErrorCode.ScenarioInvalid, $"The step damages '{pattern}', but the vault has no such blob.");
    }
}
