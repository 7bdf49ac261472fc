using Harness.Scenarios.Running;
using NUnit.Framework;

namespace Harness.Tests.Scenarios;

public class GlobTests
{
    [TestCase("**", "a/b/c.txt", true)]
    [TestCase("*", "a/b", false)]
    [TestCase("*", "a", true)]
    [TestCase("a/*", "a/b", true)]
    [TestCase("a/*", "a/b/c", false)]
    [TestCase("a/**", "a/b/c", true)]
    [TestCase("a**", "a", true)]
    [TestCase("*.txt", "b.txt", true)]
    [TestCase("?.txt", "bb.txt", false)]
    [TestCase("a.txt", "axtxt", false)]
    [TestCase("song.mp3:*", "song.mp3:cover", true)]
    [TestCase("", "", true)]
    public void MatchesPath_Pattern_StaysInComponentsUnlessDoubled(string pattern, string path, bool expected)
    {
        Assert.That(Glob.MatchesPath(pattern, path), Is.EqualTo(expected));
    }

    [TestCase("a.b[c=d+e]", "a.b[c=d+e]", true)]
    [TestCase("a.*", "a.b[c=1/2]@memory", true)]
    [TestCase("a.?", "a.bb", false)]
    public void MatchesId_Pattern_TakesBracketsAsTheyAre(string pattern, string id, bool expected)
    {
        Assert.That(Glob.MatchesId(pattern, id), Is.EqualTo(expected));
    }
}
