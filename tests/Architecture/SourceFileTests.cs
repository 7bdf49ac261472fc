using System.Text.RegularExpressions;
using NUnit.Framework;

namespace Harness.Tests.Architecture;

[TestFixture]
public sealed partial class SourceFileTests
{
    private const int MaximumLines = 400;

    // Written in halves, so that this file does not find itself.
    private static readonly string[] Unfinished = ["TO" + "DO", "FIX" + "ME", "NotImplemented" + "Exception"];

    private static IReadOnlyList<string> Sources { get; } = [.. SourceTree.Files(".cs")];

    [Test]
    public void Sources_AreFound()
    {
        Assert.That(Sources, Has.Count.GreaterThan(50).And.Contains("engine/Core/Ports/IVault.cs"));
    }

    [Test]
    public void Namespaces_EqualFolders()
    {
        Assert.That(Sources.Select(path => NamespaceFault(path, SourceTree.Read(path))).OfType<string>(), Is.Empty);
    }

    [Test]
    public void Files_AreShort()
    {
        var long_ = Sources.Select(path => (path, lines: SourceTree.Read(path).Count(c => c == '\n')))
            .Where(f => f.lines > MaximumLines);

        Assert.That(long_, Is.Empty);
    }

    [Test]
    public void Files_HoldNothingUnfinished()
    {
        var marked = Sources.SelectMany(
            path => Unfinished.Where(mark => SourceTree.Read(path).Contains(mark, StringComparison.Ordinal)),
            (path, mark) => $"{path}: {mark}");

        Assert.That(marked, Is.Empty);
    }

    [TestCase("engine/Core/Rules/Planted.cs", "namespace Harness.Engine.Model;")]
    [TestCase("engine/Core/Planted.cs", "namespace Harness.Engine.Rules;")]
    [TestCase("scenarios/Vaults/Planted.cs", "class Planted;")]
    public void NamespaceFault_PlantedFile_IsFound(string path, string text)
    {
        Assert.That(NamespaceFault(path, text), Does.Contain(path));
    }

    private static string? NamespaceFault(string path, string text)
    {
        var project = ProjectFile.All.Single(p => path.StartsWith(p.Folder + "/", StringComparison.Ordinal));
        var within = path[(project.Folder.Length + 1)..];
        if (within is "Program.cs" or "GlobalUsings.cs" or "AssemblyInfo.cs")
        {
            return null;
        }

        var expected = string.Join('.', within.Split('/').SkipLast(1).Prepend(project.RootNamespace));
        var found = NamespaceLine().Match(text).Groups["name"].Value;
        return found == expected ? null : $"{path}: namespace '{found}' instead of '{expected}'.";
    }

    [GeneratedRegex(@"^namespace (?<name>[\w.]+);", RegexOptions.Multiline | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex NamespaceLine();
}
