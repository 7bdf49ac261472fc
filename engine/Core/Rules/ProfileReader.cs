using Harness.Engine.Rules.Reading;

namespace Harness.Engine.Rules;

/// <summary>
/// Reads a profile from its document: alone, or as what it changes of the profile that it extends. Members that are not known
/// are refused: a rule misspelled is a rule lost.
/// </summary>
internal static class ProfileReader
{
    /// <summary>Reads; ProfileInvalid with file, line and column for everything that is not in order.</summary>
    /// <param name="text">The document.</param>
    /// <param name="loadBase">Loads the profile that it extends.</param>
    /// <param name="documents">The table of documents.</param>
    public static RuleProfile Read(
        ProfileText text, Func<string, RuleProfile> loadBase, IReadOnlyDictionary<string, RuleDocument> documents)
    {
        var root = text.Parse();
        root.RequireOnly("id", "title", "extends", "restates", "silent", "options", "clauses", "fileTypes");
        var extended = root.Optional("extends");
        var parent = extended is null ? null : LoadBase(extended, loadBase);
        var clauses = new ClauseReader(documents).Read(root, parent);
        var known = clauses.ToDictionary(clause => clause.Id, StringComparer.Ordinal);
        var options = OptionsReader.Read(root.Optional("options"), root, parent?.Options, known);
        var rows = FileTypeReader.Read(root.Optional("fileTypes"), root, parent?.FileTypes, known);
        return new RuleProfile(root.Member("id").Text(), root.Member("title").Text(), options, clauses, rows);
    }

    private static RuleProfile LoadBase(ProfileNode extended, Func<string, RuleProfile> loadBase)
    {
        try
        {
            return loadBase(extended.Text());
        }
        catch (Errors.BackupException error) when (error.Code == Errors.ErrorCode.ProfileNotFound)
        {
            throw extended.Wrong($"{error.Message} {error.Remedy}");
        }
    }
}
