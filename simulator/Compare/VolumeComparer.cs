using Harness.Engine.Model;
using Harness.Simulator.Volume;

namespace Harness.Simulator.Compare;

/// <summary>
/// Compares two volumes, such as the snapshot that was protected and the tree that was restored. Shares no code with the
/// engine, so it can be its oracle. Content whose origin is the same is not read.
/// </summary>
public sealed class VolumeComparer
{
    private readonly VolumeView _expected;
    private readonly VolumeView _actual;
    private readonly VolumeComparison _options;
    private readonly HashSet<string> _leftOut;
    private readonly List<VolumeMismatch> _found = [];

    private VolumeComparer(VolumeView expected, VolumeView actual, VolumeComparison options)
    {
        _expected = expected;
        _actual = actual;
        _options = options;
        _leftOut = [.. options.LeftOut];
    }

    /// <summary>The differences, in the order of the walk; empty when there are none.</summary>
    public static IReadOnlyList<VolumeMismatch> Compare(
        VolumeView expected, VolumeView actual, VolumeComparison? options = null)
    {
        ArgumentNullException.ThrowIfNull(expected);
        ArgumentNullException.ThrowIfNull(actual);
        var comparer = new VolumeComparer(expected, actual, options ?? new VolumeComparison());
        comparer.Run();
        return comparer._found;
    }

    private void Run()
    {
        foreach (var entry in _expected.Walk(_options.ExpectedFolder))
        {
            var path = Relative(entry.Path, _options.ExpectedFolder);
            if (IsFull())
            {
                return;
            }

            if (!IsLeftOut(path))
            {
                CompareEntry(path, entry);
            }
        }

        foreach (var entry in _actual.Walk(_options.ActualFolder))
        {
            var path = Relative(entry.Path, _options.ActualFolder);
            if (IsFull())
            {
                return;
            }

            if (IsLeftOut(path))
            {
                Report(path, "is there, but was to be left out");
            }
            else if (_expected.Find(Join(_options.ExpectedFolder, path)) is null)
            {
                Report(path, "is there, but was never expected");
            }
        }
    }

    private void CompareEntry(string path, VolumeEntry expected)
    {
        if (_actual.Find(Join(_options.ActualFolder, path)) is not { } actual)
        {
            Report(path, "is missing");
            return;
        }

        if (expected.IsDirectory != actual.IsDirectory)
        {
            Report(path, $"is a {Kind(actual)}, expected a {Kind(expected)}");
            return;
        }

        if (path.Length > 0 || _options.RootMetadata)
        {
            CompareMetadata(path, expected, actual);
        }

        CompareStreams(path, expected, actual);
    }

    private void CompareMetadata(string path, VolumeEntry expected, VolumeEntry actual)
    {
        if (path.Length > 0)
        {
            Check(path, "name", expected.Name, actual.Name);
        }

        Check(path, "attributes", expected.Attributes, actual.Attributes);
        Check(path, "link count", expected.LinkCount, actual.LinkCount);
        Check(path, "reparse tag", Tag(expected), Tag(actual));
        CheckBytes(path, "reparse data", expected.ReparseData.Span, actual.ReparseData.Span);
        Check(path, "reparse GUID", expected.ReparseGuid, actual.ReparseGuid);
        if (_options.ExtendedMetadata)
        {
            CheckExtendedAttributes(path, expected, actual);
            Check(path, "case-sensitive", expected.IsCaseSensitive, actual.IsCaseSensitive);
        }

        if (_options.Identity)
        {
            Check(path, "short name", expected.ShortName ?? "none", actual.ShortName ?? "none");
            Check(path, "object id", expected.ObjectId, actual.ObjectId);
        }

        CheckBytes(path, "EFS information", expected.EfsInfo.Span, actual.EfsInfo.Span);
        if (_options.Times)
        {
            Check(path, "creation time", Time(expected.Times.Created), Time(actual.Times.Created));
            Check(path, "write time", Time(expected.Times.Written), Time(actual.Times.Written));
            Check(path, "change time", Time(expected.Times.Changed), Time(actual.Times.Changed));
        }

        if (_options.Security && expected.Security != actual.Security)
        {
            Report(path, $"security differs: {Describe(actual.Security)}, expected {Describe(expected.Security)}");
        }
    }

    private void CheckExtendedAttributes(string path, VolumeEntry expected, VolumeEntry actual)
    {
        foreach (var name in expected.ExtendedAttributes.Concat(actual.ExtendedAttributes).Select(one => one.Name).Distinct())
        {
            var wanted = expected.ExtendedAttributes.FirstOrDefault(one => one.Name == name);
            var found = actual.ExtendedAttributes.FirstOrDefault(one => one.Name == name);
            if (wanted is null || found is null)
            {
                Report(path, $"extended attribute {name} is {(found is null ? "missing" : "there, but was never expected")}");
            }
            else if (wanted != found)
            {
                Report(path, $"extended attribute {name} differs");
            }
        }
    }

    private void CompareStreams(string path, VolumeEntry expected, VolumeEntry actual)
    {
        foreach (var stream in expected.Streams)
        {
            var name = stream.Name.Length == 0 ? path : $"{path}:{stream.Name}";
            var other = actual.Streams.FirstOrDefault(candidate => candidate.Name == stream.Name);
            if (stream.Name.Length > 0 && _leftOut.Contains(name))
            {
                if (other is not null)
                {
                    Report(name, "is there, but was to be left out");
                }
            }
            else if (other is null)
            {
                Report(name, "stream is missing");
            }
            else
            {
                CompareStream(name, (expected.Path, stream), (actual.Path, other));
            }
        }

        foreach (var stream in actual.Streams.Where(stream => expected.Streams.All(other => other.Name != stream.Name)))
        {
            Report($"{path}:{stream.Name}", "stream is there, but was never expected");
        }
    }

    private void CompareStream(
        string path, (string Path, VolumeStream Stream) expected, (string Path, VolumeStream Stream) actual)
    {
        Check(path, "storage", expected.Stream.Flags, actual.Stream.Flags);
        Check(path, "size", expected.Stream.SizeBytes, actual.Stream.SizeBytes);
        if (_options.ValidDataLengths)
        {
            Check(path, "valid data length", expected.Stream.ValidDataBytes, actual.Stream.ValidDataBytes);
        }

        if (expected.Stream.SizeBytes != actual.Stream.SizeBytes)
        {
            return;
        }

        var expectedPath = StreamPath(expected.Path, expected.Stream.Name);
        var actualPath = StreamPath(actual.Path, actual.Stream.Name);
        if (ContentComparer.FirstDifference(_expected, expectedPath, _actual, actualPath) is { } offset)
        {
            Report(path, $"content differs, first at byte {offset}");
        }

        if (_options.AllocatedRanges && expected.Stream.Flags.HasFlag(StreamFlags.Sparse))
        {
            Check(
                path, "allocated ranges",
                Ranges(_expected.QueryAllocatedRanges(expectedPath)), Ranges(_actual.QueryAllocatedRanges(actualPath)));
        }
    }

    private void Check<T>(string path, string what, T expected, T actual)
    {
        if (!EqualityComparer<T>.Default.Equals(expected, actual))
        {
            Report(path, $"{what} is {actual}, expected {expected}");
        }
    }

    private void CheckBytes(string path, string what, ReadOnlySpan<byte> expected, ReadOnlySpan<byte> actual)
    {
        if (!expected.SequenceEqual(actual))
        {
            Report(path, $"{what} differs ({actual.Length} bytes, expected {expected.Length})");
        }
    }

    private void Report(string path, string what)
    {
        if (!IsFull())
        {
            _found.Add(new VolumeMismatch(path, what));
        }
    }

    private bool IsFull() => _found.Count >= _options.MaxDifferences;

    /// <summary>Whether a path, or a directory above it, was to be left out.</summary>
    private bool IsLeftOut(string path)
    {
        if (_leftOut.Count == 0)
        {
            return false;
        }

        for (var end = path.Length; end > 0; end = path.LastIndexOf('/', end - 1))
        {
            if (_leftOut.Contains(path[..end]))
            {
                return true;
            }
        }

        return false;
    }

    private static string StreamPath(string path, string stream) => stream.Length == 0 ? path : $"{path}:{stream}";

    private static string Relative(string path, string folder) =>
        folder.Length == 0 ? path : path.Length <= folder.Length ? "" : path[(folder.Length + 1)..];

    private static string Join(string folder, string path) =>
        folder.Length == 0 ? path : path.Length == 0 ? folder : $"{folder}/{path}";

    private static string Kind(VolumeEntry entry) => entry.IsDirectory ? "directory" : "file";

    private static string Tag(VolumeEntry entry) => entry.ReparseTag is { } tag ? ReparseTags.NameOf(tag) : "none";

    private static string Time(Timestamp? time) =>
        time is { } value ? value.ToDateTimeOffset().ToString("yyyy-MM-ddTHH:mm:ss.fffffffZ") : "unknown";

    private static string Describe(EntrySecurity security) => $"{security.Kind} of {security.Bytes.Length} bytes";

    private static string Ranges(IReadOnlyList<ByteRange> ranges)
    {
        var shown = string.Join(", ", ranges.Take(20).Select(range => $"{range.Offset}..{range.End}"));
        return ranges.Count <= 20
            ? $"[{shown}]"
            : $"[{shown}, ... {ranges.Count} ranges, {ranges.Sum(range => range.Length)} bytes, hash {Hash(ranges)}]";
    }

    private static ulong Hash(IReadOnlyList<ByteRange> ranges) => ranges.Aggregate(
        0UL, (hash, range) => Content.Mix.Of(Content.Mix.Of(hash, (ulong)range.Offset), (ulong)range.Length));
}
