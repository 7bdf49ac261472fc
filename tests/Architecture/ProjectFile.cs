using System.Xml.Linq;

namespace Harness.Tests.Architecture;

/// <summary>What one csproj says of its references.</summary>
internal sealed record ProjectFile(
    string Path, string AssemblyName, string RootNamespace, IReadOnlyList<string> References, IReadOnlyList<XElement> Packages)
{
    /// <summary>Folder of the project relative to the repository, such as <c>engine/Core</c>.</summary>
    public string Folder => Path[..Path.LastIndexOf('/')];

    /// <summary>Every project of the repository.</summary>
    public static IReadOnlyList<ProjectFile> All { get; } =
        [.. SourceTree.Files(".csproj").Select(path => Parse(path, SourceTree.Read(path)))];

    /// <summary>Reads one project; references become folders relative to the repository.</summary>
    public static ProjectFile Parse(string path, string xml)
    {
        var document = XDocument.Parse(xml);
        var folder = path[..path.LastIndexOf('/')];
        return new(
            path,
            Property(document, "AssemblyName"),
            Property(document, "RootNamespace"),
            [.. document.Descendants("ProjectReference").Select(r => FolderOf(folder, r.Attribute("Include")!.Value))],
            [.. document.Descendants("PackageReference")]);
    }

    private static string Property(XDocument document, string name) =>
        document.Descendants(name).Select(e => e.Value).FirstOrDefault() ?? "";

    private static string FolderOf(string from, string include)
    {
        var parts = new List<string>(from.Split('/'));
        foreach (var part in include.Replace('\\', '/').Split('/').SkipLast(1))
        {
            if (part == "..")
            {
                parts.RemoveAt(parts.Count - 1);
            }
            else
            {
                parts.Add(part);
            }
        }

        return string.Join('/', parts);
    }
}
