namespace Harness.Simulator.Processes;

/// <summary>A simulated process was killed before its program ended.</summary>
/// <param name="operations">Operations that it had done.</param>
public sealed class ProcessKilledException(long operations) : Exception($"The process was killed after {operations} operations.")
{
    /// <summary>Operations that it had done.</summary>
    public long Operations => operations;
}
