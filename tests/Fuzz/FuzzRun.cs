namespace Harness.Tests.Fuzz;

/// <summary>
/// Tries altered inputs on one parser. An input that ends in a way that none before it did is altered further, so that a run gets deeper
/// than its seeds. The same seed tries the same inputs. One thread.
/// </summary>
/// <param name="target">The parser.</param>
/// <param name="seed">Of the inputs.</param>
internal sealed class FuzzRun(ParserTarget target, int seed)
{
    private const int MostSeeds = 2000;

    private readonly Mutator _mutator = new(seed);
    private readonly HashSet<string> _endings = new(StringComparer.Ordinal);
    private readonly List<byte[]> _seeds = [];

    /// <summary>Inputs tried.</summary>
    public long Tried { get; private set; }

    /// <summary>Ways in which inputs ended.</summary>
    public int Endings => _endings.Count;

    /// <summary>Altered inputs each of which was the first of its ending.</summary>
    public List<byte[]> Novel { get; } = [];

    /// <summary>Tries all seeds and the corpus; what was found, if anything.</summary>
    public (byte[] Input, string Fault)? TrySeeds()
    {
        foreach (var input in target.Seeds().Concat(Corpus.Of(target.Name).Select(item => item.Input)))
        {
            _seeds.Add(input);
            if (Try(input) is { } found)
            {
                return found;
            }
        }

        Novel.Clear();
        return null;
    }

    /// <summary>Tries more inputs; what was found, if anything.</summary>
    public (byte[] Input, string Fault)? Try(int inputs)
    {
        for (; inputs > 0; inputs--)
        {
            if (Try(_mutator.Next(_seeds)) is { } found)
            {
                return found;
            }
        }

        return null;
    }

    private (byte[] Input, string Fault)? Try(byte[] input)
    {
        Tried++;
        var (fault, ending) = target.Try(input);
        if (_endings.Add(ending))
        {
            Novel.Add(input);
            if (_seeds.Count < MostSeeds)
            {
                _seeds.Add(input);
            }
        }

        return fault is null ? null : (input, fault);
    }
}
