using Harness.Simulator.Content;
using Harness.Simulator.Volume;

namespace Harness.Tests.Oracle;

/// <summary>
/// Draws a sequence from a seed: mostly what can be done on the volume as it is by then, and every tenth operation on what may
/// not be there, so that refusals are compared too.
/// </summary>
internal sealed class OracleGenerator
{
    private const int MaxEntries = 60;
    private const long MaxBytes = 400_000;

    private static readonly string[] Names =
        ["a", "b.txt", "c.doc", "Data", "e e", "Größe.md", "日本", "long name of a file.document", "x.1", "y.2", "z", "ß"];

    private static readonly string[] OddNames = ["con", "NUL.txt", "dot.", "blank ", "que?stion", "COM\u00b9", "A", "B.TXT"];

    private static readonly string[] StreamNames = ["s", "summary", "Zone.Identifier", "t2"];

    /// <summary>How often each kind is drawn.</summary>
    private static readonly (OracleKind Kind, int Weight)[] Weights =
    [
        (OracleKind.Create, 130), (OracleKind.Write, 240), (OracleKind.Append, 80), (OracleKind.Truncate, 90),
        (OracleKind.Delete, 90), (OracleKind.Rename, 70), (OracleKind.Replace, 35), (OracleKind.MakeDirectory, 55),
        (OracleKind.Link, 50), (OracleKind.SetAttributes, 50), (OracleKind.SetTimes, 45), (OracleKind.SetSecurity, 30),
        (OracleKind.SetReparse, 8), (OracleKind.DeleteReparse, 5), (OracleKind.Compress, 16), (OracleKind.Decompress, 6),
    ];

    private readonly SeededSequence _random;
    private readonly SimSubject _model = new();

    private OracleGenerator(ulong seed) => _random = new SeededSequence(Mix.Of(seed, "oracle"));

    /// <summary>The sequence of a seed: the same in every process.</summary>
    public static IReadOnlyList<OracleOperation> Generate(ulong seed, int count)
    {
        var generator = new OracleGenerator(seed);
        var operations = new List<OracleOperation>(count);
        for (var i = 0; i < count; i++)
        {
            var operation = generator.Next();
            _ = generator._model.Apply(operation);
            operations.Add(operation);
        }

        return operations;
    }

    private OracleOperation Next()
    {
        var entries = _model.Volume.Walk().Skip(1).ToList();
        var kind = Kind();
        if (entries.Count > MaxEntries && kind is OracleKind.Create or OracleKind.MakeDirectory or OracleKind.Link)
        {
            kind = OracleKind.Delete;
        }

        var any = _random.Permille(60) ? null : Pick(entries, _ => true);
        var file = Pick(entries, entry => entry is { IsDirectory: false, ReparseTag: null });
        var directory = Pick(entries, entry => entry is { IsDirectory: true, ReparseTag: null });
        var path = any?.Path ?? NewPath(entries);
        return kind switch
        {
            OracleKind.Create or OracleKind.MakeDirectory => new(kind, NewPath(entries)),
            OracleKind.Write or OracleKind.Append or OracleKind.Truncate => Data(kind, file, directory, entries),
            OracleKind.Delete => new(kind, Deleted(any, path)),
            OracleKind.Rename or OracleKind.Link => new(kind, path, NewPath(entries)),
            OracleKind.Replace => new(kind, file?.Path ?? path, Pick(entries, _ => true)?.Path ?? path),
            OracleKind.SetAttributes => new(kind, path, Value: Attributes(any is { IsDirectory: true })),
            OracleKind.SetReparse => new(kind, Empty(entries)?.Path ?? path, Value: (uint)_random.Below(4)),
            OracleKind.DeleteReparse => new(kind, Pick(entries, entry => entry.ReparseTag is not null)?.Path ?? path),
            OracleKind.Compress or OracleKind.Decompress => new(kind, directory?.Path ?? "Data"),
            _ => new(kind, path, Value: (uint)_random.Below(1 << 20)),
        };
    }

    private OracleKind Kind()
    {
        var draw = _random.Below(Weights.Sum(row => row.Weight));
        foreach (var (kind, weight) in Weights)
        {
            if (draw < weight)
            {
                return kind;
            }

            draw -= weight;
        }

        return OracleKind.Write;
    }

    private OracleOperation Data(OracleKind kind, VolumeEntry? file, VolumeEntry? directory, List<VolumeEntry> entries)
    {
        var owner = _random.Permille(930) ? file : directory;
        var path = owner?.Path ?? NewPath(entries);
        if (owner is not null && (owner.IsDirectory || _random.Permille(250)))
        {
            path += ":" + _random.Pick(StreamNames);
        }

        var size = _model.Volume.Find(path.Split(':')[0])?.Streams.Where(s => path.EndsWith(":" + s.Name, StringComparison.Ordinal)
            || (s.Name.Length == 0 && !path.Contains(':', StringComparison.Ordinal))).Select(s => s.SizeBytes).FirstOrDefault() ?? 0;
        var offset = kind == OracleKind.Write ? Offset(size) : 0;
        var length = kind == OracleKind.Truncate ? Offset(size) : 1 + Length();
        return new(kind, path, "", offset, Math.Min(length, MaxBytes), (uint)_random.Below(1 << 16));
    }

    /// <summary>Often at the start, at the end, on a boundary; sometimes far beyond the end.</summary>
    private long Offset(long size) => _random.Below(8) switch
    {
        0 => 0,
        1 => size,
        2 => _random.Below(size + 1) / 4096 * 4096,
        3 => _random.Below(size + 1) / 65536 * 65536,
        4 => Math.Min(size + _random.Below(200_000L), MaxBytes),
        _ => _random.Below(size + 1),
    };

    private long Length() => _random.Below(6) switch
    {
        0 => _random.Below(16L),
        1 => _random.Below(1000L),
        2 => 4096,
        3 => 65536,
        4 => _random.Below(150_000L),
        _ => _random.Below(9000L),
    };

    private string Deleted(VolumeEntry? entry, string path) =>
        entry?.Streams.FirstOrDefault(stream => stream.Name.Length > 0) is { } stream && _random.Permille(500)
            ? $"{path}:{stream.Name}"
            : path;

    private VolumeEntry? Empty(List<VolumeEntry> entries) => Pick(
        entries, entry => entry.IsDirectory ? !_model.Volume.List(entry.Path).Any() : entry.LinkCount == 1);

    private uint Attributes(bool isDirectory)
    {
        // A system file is a pipe or socket to the driver when it is empty or nearly so (KnownDifferences.InterixFiles).
        uint[] bits = [0x1, 0x2, 0x20, 0x100, 0x1000, 0x2000, .. isDirectory ? [0x4u] : Array.Empty<uint>()];
        uint value = 0;
        foreach (var bit in bits)
        {
            // Read-only stands in the way of everything after it.
            value |= _random.Permille(bit == 1 ? 120 : 400) ? bit : 0;
        }

        return value;
    }

    private string NewPath(List<VolumeEntry> entries)
    {
        var parent = _random.Permille(300) ? "" : Pick(entries, entry => entry is { IsDirectory: true, ReparseTag: null })?.Path ?? "";
        var name = _random.Permille(40) ? _random.Pick(OddNames) : _random.Pick(Names);
        return parent.Length == 0 ? name : $"{parent}/{name}";
    }

    private VolumeEntry? Pick(List<VolumeEntry> entries, Func<VolumeEntry, bool> wanted)
    {
        var found = entries.Where(wanted).ToList();
        return found.Count == 0 ? null : _random.Pick(found);
    }
}
