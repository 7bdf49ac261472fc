using Harness.Engine.Model;

namespace Harness.Simulator.Volume;

/// <summary>How a stream differs between two states of its file.</summary>
public enum StreamChangeKind
{
    /// <summary>Both have it.</summary>
    Changed,

    /// <summary>Only the later state has it.</summary>
    Added,

    /// <summary>Only the earlier state has it.</summary>
    Removed,
}

/// <summary>One stream that differs, and where.</summary>
/// <param name="Name">Name; "" is the unnamed stream.</param>
/// <param name="Kind">Whether it came, went or differs.</param>
/// <param name="SizeBefore">Logical bytes in the earlier state; 0 when it was not there.</param>
/// <param name="SizeAfter">Logical bytes in the later state; 0 when it is gone. Less than before means cut off.</param>
/// <param name="FlagsBefore">How it was stored.</param>
/// <param name="FlagsAfter">How it is stored.</param>
/// <param name="Ranges">
/// Where the later state is not what the earlier one was, ascending, not overlapping, below <paramref name="SizeAfter"/>;
/// neighbours differ in kind.
/// </param>
public sealed record StreamChange(
    string Name,
    StreamChangeKind Kind,
    long SizeBefore,
    long SizeAfter,
    StreamFlags FlagsBefore,
    StreamFlags FlagsAfter,
    IReadOnlyList<DirtyRange> Ranges)
{
    /// <summary>Whether the stream lost its end.</summary>
    public bool IsCut => SizeAfter < SizeBefore;

    /// <summary>Bytes in all ranges, holes included.</summary>
    public long DirtyBytes => Ranges.Sum(range => range.Length);

    /// <summary>The ranges without regard to what is in them, joined where they touch.</summary>
    public IReadOnlyList<ByteRange> DirtyRanges
    {
        get
        {
            var joined = new List<ByteRange>();
            foreach (var range in Ranges)
            {
                if (joined.Count > 0 && joined[^1].End == range.Offset)
                {
                    joined[^1] = joined[^1] with { Length = joined[^1].Length + range.Length };
                }
                else
                {
                    joined.Add(new ByteRange(range.Offset, range.Length));
                }
            }

            return joined;
        }
    }
}
