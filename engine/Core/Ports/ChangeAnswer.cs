using Harness.Engine.Model;

namespace Harness.Engine.Ports;

/// <summary>What a change tracker answers. Immutable.</summary>
public sealed record ChangeAnswer
{
    private ChangeAnswer()
    {
    }

    /// <summary>The changes, each entry once; null when they cannot be told.</summary>
    public IReadOnlyList<EntryChange>? Changes { get; private init; }

    /// <summary>Why they cannot be told, a stable code in kebab case such as <c>journal-wrapped</c>; null when they can.</summary>
    public string? RefusalCode { get; private init; }

    /// <summary>The same for people.</summary>
    public string? RefusalMessage { get; private init; }

    /// <summary>An answer.</summary>
    public static ChangeAnswer Of(IReadOnlyList<EntryChange> changes) => new() { Changes = changes };

    /// <summary>A refusal: everything has to be looked at.</summary>
    public static ChangeAnswer Refused(string code, string message) => new() { RefusalCode = code, RefusalMessage = message };
}

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
public sealed record StreamChange(string Name, IReadOnlyList<ByteRange> DirtyRanges);
