using System.Text.Json.Serialization;
using Harness.Engine.Format;
using Harness.Engine.Model;

namespace Harness.Engine.Rules;

/// <summary>A profile as its file has it.</summary>
internal sealed record ProfileDocument
{
    public required string Id { get; init; }

    public required string Title { get; init; }

    public required ProfileOptions Options { get; init; }

    public required IReadOnlyList<Clause> Clauses { get; init; }

    public required IReadOnlyList<RowDocument> FileTypes { get; init; }
}

/// <summary>A row of the file-type table as the file has it.</summary>
internal sealed record RowDocument
{
    public required RuleSubject AppliesTo { get; init; }

    public required IReadOnlyList<EntryTraits> When { get; init; }

    public required Protection Protection { get; init; }

    public string? Reason { get; init; }

    public required string Clause { get; init; }
}

/// <summary>The JSON of profiles, generated at compile time.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    Converters =
    [
        typeof(KebabEnum<ClauseStatus>),
        typeof(KebabEnum<EntryTraits>),
        typeof(KebabEnum<Protection>),
        typeof(KebabEnum<RuleSubject>),
        typeof(KebabEnum<SizeMeasure>),
    ])]
[JsonSerializable(typeof(ProfileDocument))]
internal sealed partial class ProfileJson : JsonSerializerContext;
