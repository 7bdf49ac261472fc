namespace Harness.Scenarios.Running.Ntfs;

/// <summary>A real volume cannot be what the scenario asks for; the cell is skipped and not failed.</summary>
/// <param name="reason">Why, in a few words.</param>
internal sealed class NotHeldException(string reason) : Exception($"A real NTFS volume cannot hold it: {reason}.");
