using System.Text;
using Harness.Engine.Errors;
using Harness.Engine.Rules;
using Harness.Engine.Rules.Reading;
using Harness.Scenarios.Searches.Swarm;
using Harness.Scenarios.Yaml;
using Harness.Simulator.Recipes;
using Harness.Tests.Scenarios;

namespace Harness.Tests.Fuzz;

/// <summary>The parsers of what people write: rule profiles, recipes, scenarios, cases of the swarm.</summary>
internal static class TextTargets
{
    private const int TextBytes = 8 << 20;
    private const int TextBytesPerByte = 20_000;

    public static IReadOnlyList<ParserTarget> All { get; } =
    [
        Of("profile", "engine/Core/Rules/ProfileReader.cs", Profiles, ParseProfile, ErrorCode.ProfileInvalid),
        Of("recipe", "simulator/Recipes/RecipeLoader.cs", Recipes, static text => RecipeLoader.Parse(text), ErrorCode.RecipeInvalid),
        Of("scenario", "scenarios/Yaml/ScenarioLoader.cs", () => [TestCatalog.Good], ParseScenario, ErrorCode.ScenarioInvalid),
        Of("case", "scenarios/Searches/Swarm/CaseFile.cs", Cases, static text => CaseFile.Write(CaseFile.Read(text, "case"), []), ErrorCode.ScenarioInvalid, ErrorCode.ArgumentInvalid),
    ];

    private static ParserTarget Of(string name, string source, Func<IEnumerable<string>> seeds, Action<string> parse, params ErrorCode[] codes) => new(
        name, [source], () => seeds().Select(Encoding.UTF8.GetBytes), input => parse(Encoding.UTF8.GetString(input)))
    {
        Codes = codes,
        BaseBytes = TextBytes,
        BytesPerByte = TextBytesPerByte,
    };

    private static IEnumerable<string> Profiles()
    {
        foreach (var name in typeof(ProfileCatalog).Assembly.GetManifestResourceNames().Where(name => name.Contains(".Profiles.", StringComparison.Ordinal)))
        {
            using var reader = new StreamReader(typeof(ProfileCatalog).Assembly.GetManifestResourceStream(name)!);
            yield return reader.ReadToEnd();
        }
    }

    private static void ParseProfile(string text)
    {
        _ = ProfileReader.Read(
            new ProfileText("profile.json", Encoding.UTF8.GetBytes(text)), ProfileCatalog.Load, ProfileCatalog.Documents);
    }

    private static IEnumerable<string> Recipes() => RecipeSamples.Names.Select(RecipeSamples.Text).Where(text => text.Length < 4000);

    private static void ParseScenario(string text)
    {
        var problems = new ProblemList("x.yaml");
        if (ScenarioLoader.Load(text, problems) is null)
        {
            throw problems.Any
                ? new BackupException(ErrorCode.ScenarioInvalid, problems.Problems[0].ToString()!)
                : new InvalidOperationException("nothing was loaded, and nothing said why");
        }
    }

    private static IEnumerable<string> Cases()
    {
        for (ulong seed = 1; seed <= 3; seed++)
        {
            yield return CaseFile.Write(SwarmDraw.Of(seed), []);
        }
    }
}
