using Harness.Perf.Macro;

namespace Harness.Perf.Keep;

/// <summary>What one step over a source of many recovery points cost.</summary>
/// <param name="Step">Name of the step.</param>
/// <param name="Points">Recovery points that the step was about.</param>
/// <param name="Requests">Requests to the vault.</param>
/// <param name="SentBytes">Bytes sent.</param>
/// <param name="ReceivedBytes">Bytes received.</param>
/// <param name="Cost">Time and memory.</param>
internal sealed record KeepStep(string Step, int Points, long Requests, long SentBytes, long ReceivedBytes, Cost Cost);
