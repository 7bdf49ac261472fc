namespace Harness.Simulator.Kernel;

/// <summary>Someone whose work in a simulation may end for good, as that of a process that is killed. One thread.</summary>
public interface IWorkOwner
{
    /// <summary>It has ended: what it waits for never comes, and nothing it has begun goes on.</summary>
    bool IsGone { get; }
}
