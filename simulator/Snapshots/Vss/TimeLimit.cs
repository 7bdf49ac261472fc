namespace Harness.Simulator.Snapshots.Vss;

/// <summary>Gives a call so much time by an injected clock.</summary>
internal static class TimeLimit
{
    /// <summary>
    /// True when the call ended within the limit; false when it did not, and then its token is cancelled and nobody waits for
    /// it. What it throws in time comes out. Without time left it is not called.
    /// </summary>
    public static async ValueTask<bool> RunAsync(
        Func<CancellationToken, ValueTask> call, TimeSpan limit, TimeProvider clock, CancellationToken cancellationToken)
    {
        if (limit <= TimeSpan.Zero)
        {
            return false;
        }

        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var started = clock.GetTimestamp();
        var work = call(stop.Token).AsTask();
        if (!work.IsCompleted)
        {
            var elapsed = new TaskCompletionSource();
            await using var timer = clock.CreateTimer(_ => elapsed.TrySetResult(), null, limit, Timeout.InfiniteTimeSpan);
            await using var registration = cancellationToken.Register(() => elapsed.TrySetResult());
            await Task.WhenAny(work, elapsed.Task);
        }

        cancellationToken.ThrowIfCancellationRequested();
        if (!work.IsCompleted || clock.GetElapsedTime(started) > limit)
        {
            Forget(work);
            stop.Cancel();
            return false;
        }

        await work;
        return true;
    }

    /// <summary>What a call that was given up throws later concerns nobody.</summary>
    private static async void Forget(Task work)
    {
        try
        {
            await work;
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            // Given up already.
        }
    }
}
