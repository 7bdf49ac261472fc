using System.Globalization;
using Harness.Simulator.Scratch;

namespace Harness.Scenarios.Searches.Swarm;

/// <summary>
/// A process of a case by its words, for instance <c>backup A killed 37 torn</c>: verb, machine, number of a recovery point where one is
/// meant, how many seconds after the others of its step it begins (<c>at 30</c>), and after how many operations it is killed, with what
/// becomes of unflushed writes, or cancelled. A user who changes a file meanwhile is one too: <c>edit A 20 write d/a 0 100 7</c>, the number
/// being the steps that go before.
/// </summary>
internal sealed record SwarmJob(string Verb, string Machine, long? Number = null, long? KilledAfter = null, CrashLoss Loss = default, long? AtSecond = null)
{
    private const string EditVerb = "edit";

    /// <summary>What can run, and whether it names a recovery point.</summary>
    private static readonly Dictionary<string, bool> Verbs = new(StringComparer.Ordinal)
    {
        ["backup"] = false,
        ["backup-elsewhere"] = false,
        ["backup-paced"] = false,
        ["check"] = false,
        ["forget"] = true,
        ["prune"] = false,
        ["repair"] = false,
        ["restore"] = true,
        ["restore-one"] = true,
        ["restore-over"] = true,
        ["retain"] = false,
        ["undelete"] = true,
        [EditVerb] = true,
    };

    /// <summary>After how many operations it is asked to end; null is never.</summary>
    public long? CancelledAfter { get; init; }

    /// <summary>What a user does to a file.</summary>
    public SwarmEdit? Edit { get; init; }

    /// <summary>Whether it is a backup, of whatever kind.</summary>
    public bool IsBackup => Verb.StartsWith("backup", StringComparison.Ordinal);

    /// <summary>Reads the words; <see cref="FormatException"/> says what is wrong with them.</summary>
    public static SwarmJob Parse(string text)
    {
        var words = new Queue<string>(text.Split(' ', StringSplitOptions.RemoveEmptyEntries));
        if (words.Count < 2 || !Verbs.TryGetValue(words.Dequeue(), out var hasNumber))
        {
            throw new FormatException($"'{text}' is no job. Known: {string.Join(", ", Verbs.Keys)}, each with a machine.");
        }

        var job = new SwarmJob(text.TrimStart().Split(' ')[0], words.Dequeue());
        job = hasNumber ? job with { Number = NumberIn(text, words) } : job;
        if (job.Verb == EditVerb)
        {
            return job with { Edit = SwarmEdit.Parse(string.Join(' ', words)) };
        }

        if (words.TryPeek(out var at) && at == "at")
        {
            _ = words.Dequeue();
            job = job with { AtSecond = NumberIn(text, words) };
        }

        if (words.TryPeek(out var end) && end == "cancelled")
        {
            _ = words.Dequeue();
            job = job with { CancelledAfter = NumberIn(text, words) };
        }

        if (words.TryDequeue(out var killed))
        {
            var after = NumberIn(text, words);
            if (killed != "killed" || !words.TryDequeue(out var loss) || !Enum.TryParse<CrashLoss>(loss, ignoreCase: true, out var lost) || words.Count > 0)
            {
                throw new FormatException($"'{text}': 'killed OPERATIONS {string.Join('|', Enum.GetNames<CrashLoss>())}' is expected at its end.");
            }

            job = job with { KilledAfter = after, Loss = lost };
        }

        return job;
    }

    /// <inheritdoc/>
    public override string ToString()
    {
        var number = Number is { } point ? string.Create(CultureInfo.InvariantCulture, $" {point}") : "";
        var killed = KilledAfter is { } after ? string.Create(CultureInfo.InvariantCulture, $" killed {after} {Loss.ToString().ToLowerInvariant()}") : "";
        var at = AtSecond is { } second ? string.Create(CultureInfo.InvariantCulture, $" at {second}") : "";
        var cancelled = CancelledAfter is { } asked ? string.Create(CultureInfo.InvariantCulture, $" cancelled {asked}") : "";
        return $"{Verb} {Machine}{number}{at}{cancelled}{killed}{(Edit is null ? "" : $" {Edit}")}";
    }

    private static long NumberIn(string text, Queue<string> words) =>
        words.TryDequeue(out var word) && long.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0
            ? number
            : throw new FormatException($"'{text}': a whole number from 1 is expected.");
}
