using Harness.Scenarios.Vaults;

namespace Harness.Scenarios.CommandLine.Composition;

/// <summary>The value of <c>--vault</c>, checked before anything else is asked or opened.</summary>
internal sealed class VaultName
{
    private readonly VaultSpec _spec;

    /// <summary>Takes a name apart; VaultNameInvalid with the known forms.</summary>
    public VaultName(string text)
    {
        Text = text;
        _spec = VaultSpec.Parse(text);
    }

    /// <summary>What the user wrote; it may hold a credential, so it is never printed.</summary>
    public string Text { get; }

    /// <summary>The directory of a directory vault, or null.</summary>
    public string? Directory => _spec.Kind == VaultKind.Directory ? _spec.Argument : null;

    /// <summary>Whether it is an Azurite that the tool finds or starts by itself.</summary>
    public bool IsAzurite => _spec.Kind == VaultKind.Azurite;

    /// <summary>Whether it is a blob server.</summary>
    public bool IsHttp => _spec.Kind is VaultKind.Azurite or VaultKind.Azure;

    /// <summary>Whether what is written to it is still there for the next command, whatever else runs.</summary>
    public bool OutlivesCommand => _spec.Kind is not (VaultKind.Memory or VaultKind.Simulated or VaultKind.Azurite);

    /// <summary>The same text for the same vault, wherever the command is run from.</summary>
    public string Key => Directory is { } path ? $"dir:{Path.GetFullPath(path)}" : ToString();

    /// <summary>The name without any credential.</summary>
    public override string ToString() => _spec.ToString();
}
