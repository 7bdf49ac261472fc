using Harness.Engine.Model;
using Harness.Simulator.Volume;

namespace Harness.Scenarios.Searches.Histories;

/// <summary>
/// One subset of what decides about a file on NTFS: how its data is stored, its reparse point, a second name, a named stream and how that
/// is stored. All of them are numbered.
/// </summary>
internal sealed record HistoryTraits
{
    /// <summary>How many there are.</summary>
    public const int Count = 8 * 3 * 2 * 5;

    private const uint OtherTag = 0x80005555;

    private static readonly StreamFlags?[] StreamStates =
        [null, StreamFlags.None, StreamFlags.Compressed, StreamFlags.Sparse, StreamFlags.Compressed | StreamFlags.Sparse];

    private static readonly StreamFlags[] DataStates = [StreamFlags.Sparse, StreamFlags.Compressed, StreamFlags.Encrypted];

    private readonly StreamFlags _data;
    private readonly uint? _tag;
    private readonly bool _hasSecondName;
    private readonly StreamFlags? _stream;

    /// <summary>The subset of a number from 0.</summary>
    public HistoryTraits(int number)
    {
        _data = DataStates.Where((_, bit) => (number & (1 << bit)) != 0).Aggregate(StreamFlags.None, (all, flag) => all | flag);
        _tag = (number / 8 % 3) switch { 0 => null, 1 => OtherTag, _ => ReparseContent.DeduplicatedTag };
        _hasSecondName = number / 24 % 2 == 1;
        _stream = StreamStates[number / 48];
    }

    /// <summary>Gives a file these traits, those included that NTFS refuses to combine.</summary>
    public void Give(SimVolume volume, string path, ulong seed)
    {
        if (_stream is { } flags)
        {
            volume.CreateStream(path + ":t", 5000, seed: seed);
            volume.ForceState(path + ":t", flags | (_data & StreamFlags.Encrypted));
        }

        if (_hasSecondName)
        {
            volume.CreateHardLink(path + "2", path);
        }

        if (_data != StreamFlags.None)
        {
            volume.ForceState(path, _data);
        }

        if (_tag is { } tag)
        {
            volume.ForceReparsePoint(path, tag, new byte[] { 1, 2, 3, 4 });
        }
    }

    /// <inheritdoc/>
    public override string ToString() =>
        $"data {_data}, tag {_tag:x8}, {(_hasSecondName ? "two names" : "one name")}, stream {_stream?.ToString() ?? "none at all"}";
}
