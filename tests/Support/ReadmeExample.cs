using System.Runtime.CompilerServices;
using Harness.Tests.Architecture;
using NUnit.Framework;

namespace Harness.Tests.Support;

/// <summary>An example of a README that is code of a test: what a reader copies is what compiles and runs.</summary>
internal static class ReadmeExample
{
    private const string Begin = "        // begin\n";
    private const string End = "        // end\n";
    private const int Indent = 8;

    /// <summary>
    /// Asserts that a README shows, as a block of C#, what stands between the last two lines "// begin" and "// end" of the
    /// calling file.
    /// </summary>
    /// <param name="readme">Path of the README from the root of the checkout.</param>
    /// <param name="code">The calling file.</param>
    public static void AssertIsIn(string readme, [CallerFilePath] string code = "")
    {
        var text = File.ReadAllText(code);
        var from = text.LastIndexOf(Begin, StringComparison.Ordinal) + Begin.Length;
        var to = text.LastIndexOf(End, StringComparison.Ordinal);
        var lines = text[from..to].Split('\n').Select(line => line.Length > Indent ? line[Indent..] : line.Trim());

        Assert.That(File.ReadAllText(Path.Combine(SourceTree.Root, readme)), Does.Contain($"```csharp\n{string.Join('\n', lines)}```"));
    }
}
