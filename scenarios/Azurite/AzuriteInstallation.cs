namespace Harness.Scenarios.Azurite;

/// <summary>What is needed to start Azurite.</summary>
/// <param name="NodePath">The Node.js program.</param>
/// <param name="MainScript">Azurite's main.js of the blob service.</param>
public sealed record AzuriteInstallation(string NodePath, string MainScript);
