using System.CommandLine;
using Harness.Scenarios.CommandLine.Output;
using Harness.Scenarios.Reports;
using Harness.Scenarios.Yaml;

namespace Harness.Scenarios.CommandLine.Verbs;

/// <summary>Prints the catalogue as a page for people.</summary>
internal sealed class DocsVerb : Verb
{
    private readonly Option<string?> _catalog = new("--catalog")
    {
        Description = "Directory of scenarios, or one file (default: the catalogue that is built in).",
        HelpName = "DIR",
    };

    public DocsVerb(Terminal terminal)
        : base(
            terminal,
            "docs",
            "Print the catalogue as a Markdown page: every scenario with its clause, cells and tags, and the clauses without any.",
            "harness docs > scenarios/catalog/CATALOGUE.md")
    {
        Add(_catalog);
    }

    /// <inheritdoc/>
    protected override Task<int> RunAsync(ParseResult parse, CancellationToken cancellationToken)
    {
        var catalog = ScenarioCatalog.Load(parse.GetValue(_catalog) ?? ScenarioCatalog.DefaultDirectory);
        Terminal.Out.Write(CataloguePage.Render(catalog));
        return Task.FromResult(ExitCodes.Ok);
    }
}
