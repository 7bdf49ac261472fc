using Harness.Engine.Errors;
using Harness.Engine.Local.Sources;
using Harness.Engine.Model;
using Harness.Engine.Ports;
using Harness.Simulator.Volume;

namespace Harness.Tests.Oracle;

/// <summary>
/// Holds the simulated volume against the mounted one: names, kinds, link groups, attributes, times, security, reparse data,
/// streams with sizes, bytes and compressed allocation. What it leaves out it takes from <see cref="KnownDifferences"/>.
/// </summary>
internal sealed class OracleComparer
{
    private const uint ComparedAttributes = 0x3127 | 0x10 | 0x400 | 0x800;
    private const int BlockBytes = 128 << 10;

    private readonly SimSubject _sim;
    private readonly string _root;
    private readonly DateTimeOffset _started;
    private readonly Dictionary<FileReference, ulong> _groups = [];
    private readonly Dictionary<ulong, FileReference> _realGroups = [];
    private readonly List<string> _found = [];

    private OracleComparer(SimSubject sim, string root, DateTimeOffset started) =>
        (_sim, _root, _started) = (sim, root, started);

    /// <summary>Every difference that no known one explains, as sentences.</summary>
    public static async Task<IReadOnlyList<string>> CompareAsync(SimSubject sim, string root, DateTimeOffset started)
    {
        var comparer = new OracleComparer(sim, root, started);
        await comparer.CompareAllAsync();
        return comparer._found;
    }

    private async Task CompareAllAsync()
    {
        await using var snapshot = await new LinuxDirectorySource(_root, TimeProvider.System)
            .CreateSnapshotAsync(CancellationToken.None);
        var real = new Dictionary<string, SourceEntry>(StringComparer.Ordinal);
        await foreach (var item in snapshot.EnumerateAsync(CancellationToken.None))
        {
            if (item.Error is { } error)
            {
                _found.Add($"{error.Path}: the mounted volume cannot be read: {error.Message}");
                continue;
            }

            real.Add(item.Entry!.Path, item.Entry);
        }

        foreach (var entry in _sim.Volume.Walk().Where(entry => entry.Path.Length > 0))
        {
            if (real.Remove(entry.Path, out var actual))
            {
                CompareEntry(entry, actual);
                await CompareStreamsAsync(snapshot, entry, actual);
            }
            else
            {
                _found.Add($"{entry.Path}: only on the simulated volume");
            }
        }

        _ = real.Remove("");
        _found.AddRange(real.Keys.Select(path => $"{path}: only on the mounted volume"));
    }

    private void CompareEntry(VolumeEntry sim, SourceEntry real)
    {
        Check(sim, "directory", sim.IsDirectory, real.Kind == EntryKind.Directory);
        Check(sim, "link count", (uint)sim.LinkCount, real.LinkCount);
        CheckAttributes(sim, Shown(sim, (uint)sim.Attributes), Shown(sim, real.Attributes));
        Check(sim, "reparse tag", sim.ReparseTag ?? 0, real.ReparseTag ?? 0);
        Check(sim, "reparse data", Convert.ToHexString(sim.ReparseData.Span), Convert.ToHexString(real.ReparseData.Span));
        if (_sim.IsSecured(sim.Reference))
        {
            Check(sim, "security", Convert.ToHexString(sim.Security.Bytes.Span), Convert.ToHexString(real.Security.Bytes.Span));
        }

        CheckTime(sim, "creation time", sim.Times.Created, real.Times.Created);
        if (!_sim.IsSetToItsSize(sim.Reference))
        {
            CheckTime(sim, "write time", sim.Times.Written, real.Times.Written);
        }

        var group = _groups.GetValueOrDefault(sim.Reference, real.FileReference);
        Check(sim, "file behind the name", group, real.FileReference);
        Check(sim, "names of one file", _realGroups.GetValueOrDefault(real.FileReference, sim.Reference), sim.Reference);
        _groups[sim.Reference] = real.FileReference;
        _realGroups[real.FileReference] = sim.Reference;
    }

    /// <summary>A time that was set must be exactly that; one that an operation moved must be moved on both sides.</summary>
    private void CheckTime(VolumeEntry entry, string what, Timestamp? sim, Timestamp? real)
    {
        var simTime = sim!.Value.ToDateTimeOffset();
        var realTime = real!.Value.ToDateTimeOffset();
        if (simTime < SimSubject.Era)
        {
            Check(entry, what, simTime.UtcTicks, realTime.UtcTicks);
        }
        else if (realTime < _started && !_sim.MayBeKept(entry.Reference, real.Value) && !_sim.HasLostStream(entry.Reference))
        {
            _found.Add($"{entry.Path}: the {what} was moved on the simulated volume only (mounted: {realTime:O})");
        }
    }

    private async Task CompareStreamsAsync(ISnapshot snapshot, VolumeEntry sim, SourceEntry real)
    {
        if (_sim.IsSpoiled(sim.Path))
        {
            // The driver can even lose the name of a stream (KnownDifferences.CompressedRewriteError).
            return;
        }

        var simNames = string.Concat(sim.Streams.Select(stream => $"[{stream.Name}]"));
        var realNames = string.Concat(real.Streams.Select(stream => $"[{stream.Name}]"));
        Check(sim, "streams", simNames, realNames);
        if (simNames != realNames || real.ReparseTag is not null)
        {
            return;
        }

        for (var i = 0; i < sim.Streams.Count; i++)
        {
            var path = sim.Path + (sim.Streams[i].Name.Length == 0 ? "" : ":" + sim.Streams[i].Name);
            var (expected, actual) = (sim.Streams[i], real.Streams[i]);
            Check(path, "size", expected.SizeBytes, actual.SizeBytes);
            var isCompressed = expected.Flags.HasFlag(StreamFlags.Compressed);
            if (!sim.IsDirectory)
            {
                // Those of directories: KnownDifferences.DirectoryStreamCompression.
                Check(path, "compressed", isCompressed, actual.Traits.HasFlag(EntryTraits.Compressed));
            }

            if (expected.SizeBytes == actual.SizeBytes)
            {
                await CompareBytesAsync(snapshot, real, actual, path);
            }

            if (isCompressed && expected.SizeBytes > 0 && !sim.IsDirectory)
            {
                CheckAllocation(path, expected, actual, _sim.IsRewritten(sim.Reference, expected.Name));
            }
        }
    }

    private async Task CompareBytesAsync(ISnapshot snapshot, SourceEntry entry, SourceStream stream, string path)
    {
        try
        {
            await using var reader = await snapshot.OpenAsync(entry, stream, CancellationToken.None);
            var (simBytes, realBytes) = (new byte[BlockBytes], new byte[BlockBytes]);
            for (long at = 0; at < stream.SizeBytes; at += BlockBytes)
            {
                var simCount = _sim.Volume.Read(path, at, simBytes);
                var realCount = await reader.ReadAsync(at, realBytes, CancellationToken.None);
                var same = simBytes.AsSpan(0, simCount).CommonPrefixLength(realBytes.AsSpan(0, realCount));
                if (same < simCount || same < realCount)
                {
                    _found.Add($"{path}: bytes differ, first at {at + same}");
                    return;
                }
            }
        }
        catch (SourceReadException error)
        {
            _found.Add($"{path}: {error.Message}");
        }
    }

    /// <summary>
    /// In units of 64 KiB: the simulation estimates what compression leaves, so a unit may be off by some clusters; one that was
    /// rewritten may be left uncompressed by the driver.
    /// </summary>
    private void CheckAllocation(string path, VolumeStream sim, SourceStream real, bool isRewritten)
    {
        long unit = _sim.Volume.Settings.UnitBytes;
        var units = (sim.SizeBytes + unit - 1) / unit;
        var slack = units * 2 * _sim.Volume.Settings.ClusterBytes;
        var most = isRewritten ? units * unit : sim.AllocatedBytes + slack;
        if (real.AllocatedBytes < sim.AllocatedBytes - slack || real.AllocatedBytes > most)
        {
            _found.Add(
                $"{path}: {sim.AllocatedBytes} compressed bytes on the simulated volume, {real.AllocatedBytes} on the mounted "
                + $"one, of {sim.SizeBytes} (from {sim.AllocatedBytes - slack} to {most} is explained)");
        }
    }

    /// <summary>
    /// Without the archive bit where the driver gives it on its own (<see cref="KnownDifferences.DirectoryArchive"/>,
    /// <see cref="KnownDifferences.ArchiveByName"/>).
    /// </summary>
    private uint Shown(VolumeEntry entry, uint attributes) =>
        attributes & ComparedAttributes & ~(entry.IsDirectory || _sim.IsRenamed(entry.Reference) ? 0x20u : 0u);

    /// <summary>Names the bits that differ, so that a shrunk sequence differs in the same ones.</summary>
    private void CheckAttributes(VolumeEntry entry, uint sim, uint real)
    {
        if (sim != real)
        {
            _found.Add(
                $"{entry.Path}: attributes differ in {(FileAttributes)(sim ^ real)}: 0x{sim:x} on the simulated volume, "
                + $"0x{real:x} on the mounted one");
        }
    }

    private void Check<T>(VolumeEntry entry, string what, T sim, T real) => Check(entry.Path, what, sim, real);

    private void Check<T>(string path, string what, T sim, T real)
    {
        if (!EqualityComparer<T>.Default.Equals(sim, real))
        {
            _found.Add($"{path}: {what} is {sim} on the simulated volume, {real} on the mounted one");
        }
    }
}
