using Harness.Engine.Errors;

namespace Harness.Engine.Rules;

/// <summary>One published version of the rules. Immutable; load it with <see cref="ProfileCatalog"/>.</summary>
public sealed class RuleProfile
{
    private readonly Dictionary<string, Clause> _clauses;

    internal RuleProfile(
        string id, string title, ProfileOptions options, IReadOnlyList<Clause> clauses, IReadOnlyList<FileTypeRule> fileTypes)
    {
        Id = id;
        Title = title;
        Options = options;
        Clauses = clauses;
        FileTypes = fileTypes;
        _clauses = clauses.ToDictionary(c => c.Id, StringComparer.Ordinal);
    }

    /// <summary>Id, such as <c>dpm-classic-2018</c>.</summary>
    public string Id { get; }

    /// <summary>What a user has set aside of the rules; nothing unless <see cref="Preserving"/> made it.</summary>
    public PreserveModes Preserve { get; private init; }

    /// <summary>The profile and what is set aside of it, in one word for comparison.</summary>
    public string RulesId => Preserve == PreserveModes.None ? Id : $"{Id} preserving {PreserveText}";

    /// <summary>What is set aside, in kebab case and parted by commas; null for nothing.</summary>
    public string? PreserveText => Preserve == PreserveModes.None ? null : string.Join(
        ',',
        new[]
        {
            Preserve.HasFlag(PreserveModes.ReparsePoints) ? "reparse-points" : null,
            Preserve.HasFlag(PreserveModes.HardLinks) ? "hard-links" : null,
        }.OfType<string>());

    /// <summary>These rules, but for what a user wants protected all the same.</summary>
    public RuleProfile Preserving(PreserveModes modes) => new(Id, Title, Options, Clauses, FileTypes) { Preserve = modes };

    /// <summary>These rules, but for what a recovery point says that it set aside; words of later versions are passed over.</summary>
    internal RuleProfile PreservingAsWritten(string? text)
    {
        var words = text?.Split(',') ?? [];
        return Preserving(
            (words.Contains("reparse-points") ? PreserveModes.ReparsePoints : PreserveModes.None)
            | (words.Contains("hard-links") ? PreserveModes.HardLinks : PreserveModes.None));
    }

    /// <summary>The document in words.</summary>
    public string Title { get; }

    /// <summary>Limits and choices.</summary>
    public ProfileOptions Options { get; }

    /// <summary>Every clause, in the order of the document.</summary>
    public IReadOnlyList<Clause> Clauses { get; }

    /// <summary>The file-type table; the first matching row decides.</summary>
    public IReadOnlyList<FileTypeRule> FileTypes { get; }

    /// <summary>A clause by id.</summary>
    public Clause GetClause(string id) =>
        _clauses.TryGetValue(id, out var clause)
            ? clause
            : throw new BackupException(
                ErrorCode.ProfileInvalid, $"Profile {Id} has no clause '{id}'.", "Add the clause to the profile's file.");

    /// <summary>Whether the profile has a clause of that id.</summary>
    public bool HasClause(string id) => _clauses.ContainsKey(id);
}
