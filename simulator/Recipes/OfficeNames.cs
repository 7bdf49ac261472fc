using System.Text;
using Bogus;
using Harness.Simulator.Content;
using Harness.Simulator.Volume;

namespace Harness.Simulator.Recipes;

/// <summary>
/// Names and notes of an office, by Bogus. The words are drawn once from a seeded Bogus and combined by a sequence of our
/// own, so a million names cost no more Bogus than a hundred.
/// </summary>
internal sealed class OfficeNames : INamePool
{
    private const int Words = 96;

    /// <summary>Kinds of files with their weight; content as well compressible as such files are.</summary>
    private static readonly (string Extension, int Weight, ContentProfile Profile)[] Kinds =
    [
        (".docx", 22, new ContentProfile(ContentKind.Bytes, 950)),
        (".xlsx", 16, new ContentProfile(ContentKind.Bytes, 900)),
        (".pdf", 18, new ContentProfile(ContentKind.Bytes, 930)),
        (".pptx", 8, new ContentProfile(ContentKind.Bytes, 970)),
        (".jpg", 10, ContentProfile.Random),
        (".txt", 7, ContentProfile.Text),
        (".csv", 6, ContentProfile.Text),
        (".msg", 6, new ContentProfile(ContentKind.Bytes, 450)),
        (".zip", 3, ContentProfile.Random),
        (".md", 4, ContentProfile.Text),
    ];

    private static readonly int TotalWeight = Kinds.Sum(kind => kind.Weight);

    private readonly SeededSequence _choice;
    private readonly string[] _departments;
    private readonly string[] _companies;
    private readonly string[] _people;
    private readonly string[] _subjects;
    private readonly byte[][] _notes;

    public OfficeNames(ulong seed)
    {
        _choice = new SeededSequence(seed);
        var faker = new Faker("en") { Random = new Randomizer((int)(Mix.Of(seed, "bogus") & int.MaxValue)) };
        _departments = Draw(() => faker.Commerce.Department());
        _companies = Draw(() => faker.Company.CompanyName());
        _people = Draw(() => faker.Name.LastName());
        _subjects = Draw(() => $"{faker.Commerce.ProductAdjective()} {faker.Commerce.Product()}");
        _notes = [.. Enumerable.Range(0, 16).Select(_ => Encoding.UTF8.GetBytes(faker.Lorem.Paragraphs(2) + "\n"))];
    }

    public string Directory(int depth) => depth switch
    {
        0 => _choice.Pick(_departments),
        1 => _choice.Permille(500) ? _choice.Pick(_companies) : $"Projects {Year()}",
        _ => _choice.Below(3) switch
        {
            0 => Year(),
            1 => _choice.Pick(_subjects),
            _ => _choice.Pick(["Archive", "Drafts", "Contracts", "Invoices", "Minutes", "Reports", "Photos", "Scans"]),
        },
    };

    public FileIdea File()
    {
        var draw = _choice.Below(TotalWeight);
        var kind = 0;
        while (draw >= Kinds[kind].Weight)
        {
            draw -= Kinds[kind++].Weight;
        }

        var (extension, _, profile) = Kinds[kind];
        return new FileIdea(Stem(extension), extension, profile, extension == ".md" ? _choice.Pick(_notes) : null);
    }

    private string Stem(string extension) => extension switch
    {
        ".jpg" => $"IMG_{_choice.Below(10_000):0000}",
        ".msg" => $"RE {_choice.Pick(_subjects)}",
        ".csv" => $"export-{Year()}-{1 + _choice.Below(12):00}",
        _ => _choice.Below(4) switch
        {
            0 => $"{_choice.Pick(_subjects)} v{1 + _choice.Below(9)}",
            1 => $"{_choice.Pick(["Invoice", "Offer", "Contract", "Letter"])} {_choice.Pick(_companies)}",
            2 => $"{_choice.Pick(_people)} {_choice.Pick(["CV", "review", "expenses", "notes"])} {Year()}",
            _ => $"{_choice.Pick(["Budget", "Forecast", "Minutes", "Plan", "Report"])} {Year()} Q{1 + _choice.Below(4)}",
        },
    };

    private string Year() => (2009 + _choice.Below(10)).ToString();

    /// <summary>Distinct words that Windows takes as names.</summary>
    private static string[] Draw(Func<string> make)
    {
        var words = new SortedSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < Words; i++)
        {
            var word = make().TrimEnd('.', ' ');
            if (WindowsNames.WhyInvalid(word) is null)
            {
                words.Add(word);
            }
        }

        return [.. words];
    }
}
