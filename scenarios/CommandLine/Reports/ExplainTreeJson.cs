using Harness.Scenarios.CommandLine.Documents;

namespace Harness.Scenarios.CommandLine.Reports;

/// <summary>
/// What the rules make of a tree, as one JSON document that is written while the tree is listed: <c>source</c>, <c>profiles</c>,
/// <c>paths</c>, <c>unreadable</c>, <c>rules</c>.
/// </summary>
internal sealed class ExplainTreeJson(TextWriter output)
{
    private bool _hasPaths;

    /// <summary>Begins the document.</summary>
    public void Begin(string source, IReadOnlyList<string> profiles)
    {
        output.Write($"{{\n\"source\": {DocumentContext.Text(source, c => c.String)},\n");
        output.Write($"\"profiles\": {DocumentContext.Text(profiles, c => c.IReadOnlyListString)},\n\"paths\": [");
    }

    /// <summary>Writes one path.</summary>
    public void Write(ExplainedPath path)
    {
        output.Write(_hasPaths ? ",\n" : "\n");
        output.Write(DocumentContext.Text(path, c => c.ExplainedPath));
        _hasPaths = true;
    }

    /// <summary>Ends the document.</summary>
    public void End(TreeExplainer explainer) =>
        output.WriteLine(
            $"\n],\n\"unreadable\": {explainer.Unreadable},\n\"rules\": {DocumentContext.Text(explainer.Counts, c => c.IReadOnlyListRuleCount)}\n}}");
}
