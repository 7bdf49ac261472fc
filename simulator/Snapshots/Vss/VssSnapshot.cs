using Harness.Engine.Model;
using Harness.Simulator.Volume;

namespace Harness.Simulator.Snapshots.Vss;

/// <summary>One volume in a snapshot set. Listing and state belong to the volume's thread.</summary>
public sealed class VssSnapshot
{
    private readonly VolumeSnapshot _view;

    internal VssSnapshot(Guid id, Guid setId, SimVolume original, VolumeSnapshot view, DateTimeOffset createdAt)
    {
        Id = id;
        SetId = setId;
        Original = original;
        CreatedAt = createdAt;
        _view = view;
    }

    /// <summary>Id of the snapshot.</summary>
    public Guid Id { get; }

    /// <summary>Id of its set.</summary>
    public Guid SetId { get; }

    /// <summary>The volume that it shows.</summary>
    public SimVolume Original { get; }

    /// <summary>The moment of the set, the same for all its volumes, by the provider's clock.</summary>
    public DateTimeOffset CreatedAt { get; }

    /// <summary>What the writers made of it.</summary>
    public ConsistencyLevel Consistency { get; internal set; }

    /// <summary>Why it is gone; null while it exists.</summary>
    public string? DeletedBecause { get; internal set; }

    /// <summary>Whether it can be read.</summary>
    public bool IsAlive => DeletedBecause is null;

    /// <summary>The frozen volume; ObjectNotFound when the snapshot was deleted.</summary>
    public VolumeSnapshot View => IsAlive ? _view : throw Gone();

    /// <summary>Bytes of the diff area that are kept for it: blocks written over while it was the newest.</summary>
    public long DiffAreaBytes => Copied.Bytes;

    internal CopiedBlocks Copied { get; } = new();

    internal VssException Gone() =>
        new(VssError.ObjectNotFound, $"The snapshot {Id} was deleted: {DeletedBecause}.");
}
