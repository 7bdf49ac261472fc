using Harness.Tests.Architecture;
using NUnit.Framework;

namespace Harness.Tests.Mutants;

/// <summary>The list of safety measures does not rot: each is still in its file, once, and its tests exist. '.ci/mutants' tries them.</summary>
internal sealed class MutantListTests
{
    private static readonly IReadOnlyList<Mutant> Mutants = MutantList.Read();

    [Test]
    public void Mutants_EachText_IsOnceInItsFileAndChangesIt()
    {
        var problems = new List<string>();
        foreach (var mutant in Mutants)
        {
            var source = File.ReadAllText(Path.Combine(SourceTree.Root, mutant.File));
            try
            {
                Assert.That(mutant.ApplyTo(source), Is.Not.EqualTo(source), mutant.Id);
            }
            catch (InvalidOperationException error)
            {
                problems.Add(error.Message);
            }
        }

        Assert.That(problems, Is.Empty, string.Join('\n', problems));
    }

    [Test]
    public void Mutants_TheirNamesAndReasons_AreThereAndDifferent()
    {
        Assert.That(Mutants, Has.Count.GreaterThan(100));
        Assert.That(Mutants.Select(mutant => mutant.Id), Is.Unique);
        Assert.That(Mutants.Where(mutant => mutant.Why.Length < 10 || mutant.Tests.Count == 0), Is.Empty);
    }

    [Test]
    public void Mutants_TheirTests_Exist()
    {
        var types = typeof(MutantListTests).Assembly.GetTypes().ToLookup(type => type.Name);

        var missing = Mutants.SelectMany(mutant => mutant.Tests.Where(test => !Exists(types, test.Split('.'))).Select(test => $"{mutant.Id}: {test}"));

        Assert.That(missing, Is.Empty);
    }

    private static bool Exists(ILookup<string, Type> types, string[] names) =>
        types[names[0]].Any(type => names.Length == 1 || type.GetMethods().Any(method => method.Name == names[1]));
}
