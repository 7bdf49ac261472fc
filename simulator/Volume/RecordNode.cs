namespace Harness.Simulator.Volume;

/// <summary>An inner node: nodes, pages or generated trees.</summary>
internal sealed class RecordNode
{
    public RecordNode(long epoch, object?[]? children = null)
    {
        Epoch = epoch;
        Children = children ?? new object?[RecordRoot.Fan];
    }

    /// <summary>A node that says of its slots what one slot above it said of all.</summary>
    public RecordNode(long epoch, GeneratedTree tree)
        : this(epoch) => Children.AsSpan().Fill(tree);

    public long Epoch { get; }

    public object?[] Children { get; }
}
