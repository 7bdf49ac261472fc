using Harness.Engine.Model;

namespace Harness.Engine.Ports;

/// <summary>What a change tracker answers. Immutable.</summary>
/// <param name="Changes">
/// The changes, each entry once, with every directory in whose list something came or went; null when they cannot be told, and
/// everything has to be looked at.
/// </param>
/// <param name="Notes">Where a cheaper way was not open, and why; at least one when there are no changes.</param>
public sealed record ChangeAnswer(IReadOnlyList<EntryChange>? Changes, IReadOnlyList<ChangeNote> Notes);

/// <summary>Why a cheaper way was not open.</summary>
/// <param name="Code">Stable code in kebab case, such as <c>journal-wrapped</c>.</param>
/// <param name="Message">For people: a whole sentence.</param>
public sealed record ChangeNote(string Code, string Message);

/// <summary>An entry that changed, appeared or vanished.</summary>
/// <param name="FileReference">Which.</param>
/// <param name="Streams">
/// Streams whose content may have changed, and where; a stream that is not listed has the content it had. Null when only the
/// entry is known.
/// </param>
public sealed record EntryChange(ulong FileReference, IReadOnlyList<StreamChange>? Streams);

/// <summary>A stream whose content may have changed.</summary>
/// <param name="Name">Its name; "" is the unnamed one.</param>
/// <param name="DirtyRanges">
/// What may have changed, ascending, not touching, in bytes of the logical stream; beyond its end counts too. Empty when only
/// its length changed.
/// </param>
public sealed record StreamChange(string Name, IReadOnlyList<ByteRange> DirtyRanges)
{
    /// <summary>Whether it is not known where the stream changed.</summary>
    public bool IsWhole => DirtyRanges is [{ Offset: 0, Length: long.MaxValue }];

    /// <summary>A stream that changed anywhere.</summary>
    public static StreamChange Whole(string name) => new(name, [new ByteRange(0, long.MaxValue)]);
}
