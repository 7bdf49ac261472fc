using Harness.Engine.Errors;

namespace Harness.Scenarios.Yaml;

/// <summary>Collects everything wrong with one file, so that lint shows all of it at once. Not safe for threads.</summary>
/// <param name="file">The file as the user named it.</param>
public sealed class ProblemList(string file)
{
    private readonly List<Problem> _problems = [];
    private readonly HashSet<Problem> _seen = [];

    /// <summary>The file.</summary>
    public string File { get; } = file;

    /// <summary>The problems in the order of the document.</summary>
    public IReadOnlyList<Problem> Problems => [.. _problems.OrderBy(p => p.Line).ThenBy(p => p.Column)];

    /// <summary>Whether anything is wrong.</summary>
    public bool Any => _problems.Count > 0;

    /// <summary>Adds a problem; the same one twice (from two cells of one matrix) counts once.</summary>
    public void Add(YamlMark mark, string message)
    {
        var problem = new Problem(File, mark.Line, mark.Column, message);
        if (_seen.Add(problem))
        {
            _problems.Add(problem);
        }
    }

    /// <summary>One error for a list of problems.</summary>
    public static BackupException ToException(IReadOnlyList<Problem> problems)
    {
        ArgumentNullException.ThrowIfNull(problems);
        return new BackupException(
            ErrorCode.ScenarioInvalid,
            string.Join(Environment.NewLine, problems),
            "Correct the document; 'harness lint' shows every problem, 'harness schema' exports the schema.");
    }
}
