using Harness.Simulator.Content;

namespace Harness.Scenarios.Searches.Processes;

/// <summary>
/// Runs verbs as processes, to their end or to a kill at a drawn moment: some time after the start, or, where the vault is a blob server,
/// when the n-th request is on its way. How long verbs take and how many requests they make is learned from those that end.
/// </summary>
internal sealed class KilledVerb(SoakWorld world, SeededSequence choices, Uri? server, SoakTally tally)
{
    private const int FirstMilliseconds = 1500;
    private const int FirstRequests = 40;
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(5);

    private readonly Dictionary<string, (int Milliseconds, int Requests)> _known = new(StringComparer.Ordinal);

    /// <summary>Runs a verb to its end.</summary>
    /// <param name="arguments">The verb and its arguments for a vault.</param>
    /// <param name="breakOf">Where connections to a blob server break; null is nowhere.</param>
    public async Task<ProcessEnd> RunAsync(Func<string, IReadOnlyList<string>> arguments, Func<int, LineBreak?>? breakOf = null)
    {
        await using var line = server is null ? null : new LineProxy(server, breakOf);
        var vault = line?.Through(new Uri(world.VaultName)) ?? world.VaultName;
        var words = arguments(vault);
        var begun = TimeProvider.System.GetTimestamp();
        using var process = HarnessProcess.Start(world.Environment, words);
        var end = await process.EndAsync(Limit);
        if (end.Exit == 0 && breakOf is null)
        {
            _known[words[0]] = ((int)TimeProvider.System.GetElapsedTime(begun).TotalMilliseconds, (int)(line?.Requests ?? 0));
        }

        tally.Add($"{words[0]} exit {end.Exit}");
        tally.Add("connections broken", line?.Broken ?? 0);
        return end;
    }

    /// <summary>Runs a verb and kills it, unless it ends before.</summary>
    public async Task<ProcessEnd> KillAsync(Func<string, IReadOnlyList<string>> arguments)
    {
        var stop = new TaskCompletionSource();
        var verb = arguments("")[0];
        var (milliseconds, requests) = _known.GetValueOrDefault(verb, (FirstMilliseconds, FirstRequests));
        var at = server is not null && choices.Permille(500) ? 1 + choices.Below(Math.Max(1, requests)) : (int?)null;
        await using var line = server is null ? null : new LineProxy(server, onRequest: number =>
        {
            if (number == at)
            {
                stop.TrySetResult();
            }
        });
        using var process = HarnessProcess.Start(world.Environment, arguments(line?.Through(new Uri(world.VaultName)) ?? world.VaultName));
        var ended = process.EndAsync(Limit);
        using var late = new CancellationTokenSource();
        var moment = at is null ? Task.Delay(1 + choices.Below(milliseconds), late.Token) : stop.Task;
        await Task.WhenAny(ended, moment);
        await late.CancelAsync();
        process.Kill();
        var end = await ended;
        tally.Add(HarnessProcess.IsKilled(end) ? $"{verb} killed {(at is null ? "at a time" : "at a request")}" : $"{verb} ended before its kill");
        return end;
    }
}
