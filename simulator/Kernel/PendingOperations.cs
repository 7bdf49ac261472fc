namespace Harness.Simulator.Kernel;

/// <summary>The operations of ports that were begun and have not ended: what a stuck run waits for. One thread.</summary>
internal sealed class PendingOperations
{
    private readonly Dictionary<long, (string Operation, string Key)> _pending = [];
    private long _last;

    /// <summary>What is under way, oldest first.</summary>
    public IReadOnlyList<string> List() =>
        [.. _pending.OrderBy(item => item.Key).Select(item => $"{item.Value.Operation} {item.Value.Key}".TrimEnd())];

    /// <summary>Begins one.</summary>
    public PendingOperation Begin(string operation, string key)
    {
        _pending.Add(++_last, (operation, key));
        return new PendingOperation(this, _last);
    }

    /// <summary>Ends one.</summary>
    public void End(long number) => _pending.Remove(number);
}
