using Harness.Simulator.Content;

namespace Harness.Simulator.Faults;

/// <summary>
/// Faults from a seed. Each call is decided by what it is (operation, folder of its key, number in that folder), not by how many were
/// decided before it: a call more or less elsewhere leaves the others as they were. Swarm testing: each seed takes a random
/// part of the kinds, with weights from 1 to 100, half of them with one operation that goes wrong far more often than
/// the others. Keeps within the budgets of FAULT_MODEL.md section 3.
/// </summary>
public sealed class DrawnFaults : IFaultSource
{
    private const int Million = 1_000_000;
    private const int MostInARow = 3;
    private const int FocusPermille = 500;
    private const int Focus = 10;
    private const int LeastFocusPerMillion = 100_000;

    /// <summary>Operations that few runs get to while everything before them goes wrong as often: they are chosen more often.</summary>
    private static readonly string[] Late =
    [
        "journal.changes", "journal.changes", "journal.changes", "source.open", "source.read", "source.read", "source.read", "vault.delete",
        "vault.read-range", "vault.read-range", "vault.read-range", "vault.read-range", "vault.read-range", "vault.read-range",
    ];

    private readonly ulong _seed;
    private readonly Dictionary<string, (FaultKind Kind, int Weight)[]> _kinds = new(StringComparer.Ordinal);
    private readonly Dictionary<(string Operation, string Folder), long> _counted = [];
    private readonly Dictionary<(string Operation, string Key), int> _inARow = [];
    private readonly HashSet<string> _corrupted = new(StringComparer.Ordinal);
    private readonly string? _focus;
    private readonly int _perMillion;
    private long _left;

    /// <summary>Draws which kinds take part.</summary>
    /// <param name="seed">The seed.</param>
    /// <param name="perMillion">Chance of a fault at a call that can go wrong.</param>
    /// <param name="budget">The most faults in all.</param>
    /// <param name="allowed">Kinds that may take part at an operation.</param>
    public DrawnFaults(ulong seed, int perMillion, long budget, Func<string, FaultKind, bool> allowed)
    {
        ArgumentNullException.ThrowIfNull(allowed);
        _seed = Mix.Of(seed, "faults");
        _perMillion = perMillion;
        _left = budget;
        var choices = new SeededSequence(Mix.Of(_seed, "kinds"));
        foreach (var (operation, kinds) in FaultCatalog.Kinds.OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            (FaultKind Kind, int Weight)[] taken =
                [.. kinds.Select(kind => (Kind: kind, Weight: choices.Permille(500) ? 1 + choices.Below(100) : 0))
                    .Where(item => item.Weight > 0 && allowed(operation, item.Kind))];
            if (taken.Length > 0)
            {
                _kinds.Add(operation, taken);
            }
        }

        // What comes late in a job is seldom reached where everything before it goes wrong as often.
        _focus = choices.Permille(FocusPermille) ? choices.Pick([.. FaultCatalog.Kinds.Keys.Order(StringComparer.Ordinal), .. Late]) : null;
    }

    /// <inheritdoc/>
    public FaultKind? Next(string operation, string key)
    {
        if (!_kinds.TryGetValue(operation, out var kinds))
        {
            return null;
        }

        var folder = FolderOf(key);
        var number = _counted[(operation, folder)] = _counted.GetValueOrDefault((operation, folder)) + 1;
        var draw = new SeededSequence(Mix.Of(Mix.Of(Mix.Of(_seed, operation), folder), (ulong)number));
        if (_left == 0 || draw.Below(Million) >= ChanceOf(operation))
        {
            return Within(operation, key, null);
        }

        var at = draw.Below(kinds.Sum(item => item.Weight));
        var kind = Within(operation, key, kinds.First(item => (at -= item.Weight) < 0).Kind);
        _left -= kind is null ? 0 : 1;
        return kind;
    }

    private long ChanceOf(string operation) =>
        _focus is null || _perMillion == 0 ? _perMillion
        : operation == _focus ? Math.Max((long)_perMillion * Focus, LeastFocusPerMillion)
        : _perMillion / Focus;

    /// <summary>The fault, or none where it would be beyond the budgets of FAULT_MODEL.md section 3.</summary>
    private FaultKind? Within(string operation, string key, FaultKind? kind)
    {
        var inARow = _inARow.GetValueOrDefault((operation, key));
        var isBeyond = inARow == MostInARow || (kind == FaultKind.CorruptBody && _corrupted.Contains(key));
        kind = isBeyond ? null : kind;
        if (inARow > 0 || kind is not null)
        {
            _inARow[(operation, key)] = kind is null ? 0 : inARow + 1;
        }

        if (operation.StartsWith("vault.read", StringComparison.Ordinal))
        {
            _ = kind == FaultKind.CorruptBody ? _corrupted.Add(key) : _corrupted.Remove(key);
        }

        return kind;
    }

    /// <summary>The first folder of a key, with what stands for the rest: <c>packs/*</c>; a key without folder is its own.</summary>
    public static string FolderOf(string key)
    {
        ArgumentNullException.ThrowIfNull(key);
        var slash = key.IndexOf('/', StringComparison.Ordinal);
        return slash < 0 ? key : string.Concat(key.AsSpan(0, slash + 1), "*");
    }
}
