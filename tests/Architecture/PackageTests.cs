using System.Xml.Linq;
using NUnit.Framework;

namespace Harness.Tests.Architecture;

[TestFixture]
public sealed class PackageTests
{
    [Test]
    public void Packages_InEveryProject_TakeTheirVersionFromTheCentralFile()
    {
        var own = ProjectFile.All.SelectMany(
            p => p.Packages.Where(r => r.Attribute("Version") is not null || r.Attribute("VersionOverride") is not null
                || r.Element("Version") is not null),
            (p, r) => $"{p.Path}: {r.Attribute("Include")?.Value}");

        Assert.That(own, Is.Empty);
    }

    [Test]
    public void Packages_InEveryProject_AreListedCentrally()
    {
        var central = XDocument.Parse(SourceTree.Read("Directory.Packages.props"))
            .Descendants("PackageVersion")
            .Select(v => v.Attribute("Include")!.Value)
            .ToHashSet(StringComparer.OrdinalIgnoreCase);

        var missing = ProjectFile.All.SelectMany(p => p.Packages, (p, r) => r.Attribute("Include")!.Value)
            .Where(name => !central.Contains(name));

        Assert.That(central, Is.Not.Empty);
        Assert.That(missing, Is.Empty);
    }

    [Test]
    public void EngineCore_Packages_AreAnalyzersOnly()
    {
        var core = ProjectFile.All.Single(p => p.Folder == "engine/Core");

        Assert.That(core.Packages.Where(r => r.Attribute("PrivateAssets")?.Value != "all"), Is.Empty);
    }
}
