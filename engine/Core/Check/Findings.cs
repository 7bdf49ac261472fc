using Harness.Engine.Errors;

namespace Harness.Engine.Check;

/// <summary>Collects damage by blob, and which recovery points suffer from it.</summary>
internal sealed class Findings
{
    private readonly SortedDictionary<string, Finding> _byBlob = new(StringComparer.Ordinal);

    public bool Has(string blob) => _byBlob.ContainsKey(blob);

    public void Add(string blob, ErrorCode code, string message) => _byBlob.TryAdd(blob, new Finding(code, message));

    public void Add(string blob, BackupException error) => Add(blob, error.Code, error.Message);

    public void Suffers(string blob, string recoveryPoint) => _byBlob[blob].RecoveryPoints.Add(recoveryPoint);

    public IReadOnlyList<CheckFinding> ToList() =>
        [.. _byBlob.Select(item => new CheckFinding(
            item.Value.Code.ToString(), item.Key, item.Value.Message, [.. item.Value.RecoveryPoints]))];

    private sealed record Finding(ErrorCode Code, string Message)
    {
        public SortedSet<string> RecoveryPoints { get; } = new(StringComparer.Ordinal);
    }
}
