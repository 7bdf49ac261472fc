using Harness.Engine.Ports;

namespace Harness.Simulator.Scratch;

/// <summary>
/// A scratch location that claims room that it does not have: one that filled up after it was described, or the 10 % of a source that
/// no machine at hand has. One logical thread.
/// </summary>
/// <param name="inner">The location.</param>
/// <param name="freeBytes">Free space that it claims.</param>
public sealed class OverstatedScratch(IScratch inner, long freeBytes) : DelegatingScratch(inner)
{
    /// <inheritdoc/>
    public override async ValueTask<ScratchInfo> DescribeAsync(CancellationToken cancellationToken) =>
        await base.DescribeAsync(cancellationToken) with { FreeBytes = freeBytes };
}
