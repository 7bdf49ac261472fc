using Harness.Engine.Ports;
using Harness.Scenarios.Running.Ntfs;
using Harness.Simulator.Snapshots;
using Harness.Simulator.Volume;

namespace Harness.Scenarios.Running;

/// <summary>One protected volume of a cell with what is known of its past. One logical thread.</summary>
internal sealed class SourceState : IAsyncDisposable
{
    private readonly SimDataSource _simulated;
    private readonly NtfsMirror? _real;
    private IReadOnlyList<FileVerdict> _verdicts = [];

    public SourceState(string name, VolumeUnderTest volume, SourceKind kind)
    {
        Name = name;
        Recipe = volume;
        Faults = new SimVolumeFaults();
        _simulated = new SimDataSource(volume.Volume, faults: new FaultRelay(this)) { DefaultName = name };
        _real = kind == SourceKind.Ntfs ? new NtfsMirror(volume.Volume) : null;
    }

    /// <summary>Name of the data source in the vault.</summary>
    public string Name { get; }

    /// <summary>The volume with its recipe.</summary>
    public VolumeUnderTest Recipe { get; }

    /// <summary>The live volume.</summary>
    public SimVolume Volume => Recipe.Volume;

    /// <summary>What goes wrong at present.</summary>
    public SimVolumeFaults Faults { get; set; }

    /// <summary>The volume as the engine sees it.</summary>
    public IDataSource DataSource => _real?.Source ?? _simulated;

    /// <summary>Whether the engine sees a real volume, which has times, owners and clusters of its own.</summary>
    public bool IsReal => _real is not null;

    /// <summary>The cache; made at the first backup, when the protected size is known.</summary>
    public CellScratch? Scratch { get; set; }

    /// <summary>The verdicts, or none where they are those that were given last: they would only be repeated.</summary>
    public IReadOnlyList<FileVerdict> NewsOf(IReadOnlyList<FileVerdict> verdicts)
    {
        var isNews = !verdicts.SequenceEqual(_verdicts);
        _verdicts = verdicts;
        return isNews ? verdicts : [];
    }

    /// <summary>The recovery points, oldest first.</summary>
    public List<PointPicture> Points { get; } = [];

    /// <summary>Lets a real volume become what the simulated one is now; nothing to do without one.</summary>
    public async ValueTask FollowAsync(CancellationToken cancellationToken)
    {
        if (_real is not null)
        {
            await _real.FollowAsync(cancellationToken);
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _real?.DisposeAsync() ?? ValueTask.CompletedTask;

    /// <summary>Lets a step replace all faults while the data source stays the same.</summary>
    private sealed class FaultRelay(SourceState state) : ISimVolumeFaults
    {
        public bool IsSourceGone => state.Faults.IsSourceGone;

        public string? OnSnapshot() => state.Faults.OnSnapshot();

        public Engine.Errors.SourceFault? On(SimVolumeCall call) => state.Faults.On(call);
    }
}

/// <summary>What a recovery point must restore to.</summary>
/// <param name="Number">Its number.</param>
/// <param name="Volume">The volume as it was.</param>
/// <param name="Outcomes">What was expected of every entry.</param>
internal sealed record PointPicture(long Number, VolumeSnapshot Volume, IReadOnlyList<ExpectedOutcome> Outcomes)
{
    /// <summary>Whether it has been restored and compared.</summary>
    public bool IsRestored { get; set; }

    /// <summary>Paths that the restored volume must not have.</summary>
    public IReadOnlyList<string> LeftOut => [.. Outcomes.Where(o => !o.IsStored).Select(o => o.Path)];
}
