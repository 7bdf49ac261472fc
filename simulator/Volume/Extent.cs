namespace Harness.Simulator.Volume;

/// <summary>A <see cref="StreamExtent"/> as it is stored; the profile is an index into the volume's table.</summary>
internal readonly record struct Extent
{
    public required long Start { get; init; }

    public required long Length { get; init; }

    public required ExtentKind Kind { get; init; }

    public ulong Seed { get; init; }

    /// <summary>Offset in the generator's stream, or in <see cref="Literal"/>.</summary>
    public long Base { get; init; }

    public byte[]? Literal { get; init; }

    public ushort ProfileId { get; init; }

    public long End => Start + Length;

    /// <summary>The part from one stream offset to another.</summary>
    public Extent Slice(long from, long to) => this with { Start = from, Length = to - from, Base = Base + BaseStep(from) };

    public Extent MovedTo(long start) => this with { Start = start };

    /// <summary>Whether <paramref name="next"/> goes on where this ends, so that both are one extent.</summary>
    public bool Continues(in Extent next) =>
        Kind == next.Kind && End == next.Start && Seed == next.Seed && ProfileId == next.ProfileId
        && ReferenceEquals(Literal, next.Literal) && Base + BaseStep(End) == next.Base;

    private long BaseStep(long at) => Kind is ExtentKind.Generated or ExtentKind.Literal ? at - Start : 0;
}
