using System.Reflection;
using Harness.Engine.Model;
using NUnit.Framework;

namespace Harness.Tests.Architecture;

[TestFixture]
public sealed class ArrowTests
{
    [Test]
    public void Projects_AsTheyAre_HaveNoForbiddenArrow()
    {
        var arrows = ProjectFile.All.SelectMany(p => p.References.Select(r => (p.Folder, r)));

        Assert.That(Arrows.Forbidden(arrows), Is.Empty);
    }

    [Test]
    public void Projects_AsTheyAre_AreThoseOfTheDesign()
    {
        string[] expected = ["engine/Azure", "engine/Core", "engine/Local", "perf", "scenarios", "simulator", "tests"];

        Assert.That(ProjectFile.All.Select(p => p.Folder), Is.EquivalentTo(expected));
    }

    [Test]
    public void Assemblies_AsBuilt_HaveNoForbiddenArrow()
    {
        var folders = ProjectFile.All.ToDictionary(p => p.AssemblyName, p => p.Folder, StringComparer.Ordinal);
        var arrows = folders
            .Where(p => p.Value is not ("tests" or "perf"))
            .SelectMany(p => Assembly.Load(p.Key).GetReferencedAssemblies(), (p, reference) => (p.Value, reference.Name!))
            .Where(arrow => folders.ContainsKey(arrow.Item2))
            .Select(arrow => (arrow.Value, folders[arrow.Item2]));

        Assert.That(Arrows.Forbidden(arrows), Is.Empty);
    }

    [Test]
    public void EngineCore_AsBuilt_ReferencesTheFrameworkOnly()
    {
        var foreign = typeof(ByteRange).Assembly.GetReferencedAssemblies()
            .Select(a => a.Name!)
            .Where(name => !name.StartsWith("System", StringComparison.Ordinal) && name != "netstandard");

        Assert.That(foreign, Is.Empty);
    }

    [TestCase("engine/Core", "engine/Local")]
    [TestCase("engine/Azure", "engine/Local")]
    [TestCase("engine/Local", "simulator")]
    [TestCase("simulator", "scenarios")]
    [TestCase("scenarios", "tests")]
    [TestCase("scenarios", "perf")]
    [TestCase("perf", "tests")]
    [TestCase("simulator", "perf")]
    [TestCase("extras", "engine/Core")]
    public void Forbidden_PlantedArrow_IsFound(string from, string to)
    {
        var depth = string.Concat(Enumerable.Repeat("../", from.Split('/').Length));
        var planted = ProjectFile.Parse(
            $"{from}/Planted.csproj",
            $"""<Project><ItemGroup><ProjectReference Include="{depth}{to}/Planted.csproj" /></ItemGroup></Project>""");

        var found = Arrows.Forbidden(planted.References.Select(r => (planted.Folder, r)));

        Assert.That(found, Has.Exactly(1).Contains(from));
    }
}
