using System.Collections.Frozen;

namespace Harness.Simulator.Faults;

/// <summary>The operations that can go wrong and the ways in which each can: the tables of FAULT_MODEL.md section 2.</summary>
public static class FaultCatalog
{
    private static readonly FaultKind[] AnyCall = [FaultKind.Refused, FaultKind.Hang, FaultKind.Slow, FaultKind.Denied];
    private static readonly FaultKind[] ScratchCall = [FaultKind.IoError];

    /// <summary>By operation, in ordinal order of their names.</summary>
    public static FrozenDictionary<string, IReadOnlyList<FaultKind>> Kinds { get; } = new Dictionary<string, IReadOnlyList<FaultKind>>
    {
        ["vault.create"] = [.. AnyCall, FaultKind.LostAck, FaultKind.Duplicate, FaultKind.Partial, FaultKind.Full],
        ["vault.read"] = [.. AnyCall, FaultKind.Partial, FaultKind.CorruptBody],
        ["vault.read-range"] = [.. AnyCall, FaultKind.Partial, FaultKind.CorruptBody],
        ["vault.length"] = AnyCall,
        ["vault.list"] = [.. AnyCall, FaultKind.Partial],
        ["vault.delete"] = [.. AnyCall, FaultKind.LostAck, FaultKind.Duplicate],
        ["scratch.describe"] = ScratchCall,
        ["scratch.list"] = ScratchCall,
        ["scratch.length"] = ScratchCall,
        ["scratch.read"] = [.. ScratchCall, FaultKind.SectorError, FaultKind.SilentFlip, FaultKind.LostFile],
        ["scratch.append"] = [.. ScratchCall, FaultKind.Full],
        ["scratch.flush"] = ScratchCall,
        ["scratch.rename"] = ScratchCall,
        ["scratch.delete"] = ScratchCall,
        ["source.list"] = [FaultKind.Denied],
        ["source.open"] = [FaultKind.Denied, FaultKind.InUse, FaultKind.VanishedEntry],
        ["source.ranges"] = [FaultKind.IoError],
        ["source.read"] = [FaultKind.IoError, FaultKind.SectorError, FaultKind.ChangedWhileRead],
        ["source.rare"] = [FaultKind.IoError],
        ["snapshot.take"] = [FaultKind.Refused],
        ["snapshot.use"] = [FaultKind.Vanished],
        ["snapshot.release"] = [FaultKind.NotReleased],
        ["journal.changes"] = [FaultKind.Wrapped, FaultKind.Recreated, FaultKind.Disabled, FaultKind.Vague],
        ["clock.step"] = [FaultKind.Step, FaultKind.DaylightSaving],
        ["clock.skew"] = [FaultKind.Skew],
        ["credentials.expire"] = [FaultKind.Expire],
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>The kind as it is written: small letters, words parted by hyphens.</summary>
    public static string NameOf(FaultKind kind) => string.Concat(
        kind.ToString().Select((letter, index) =>
            char.IsUpper(letter) ? (index > 0 ? "-" : "") + char.ToLowerInvariant(letter) : letter.ToString()));

    /// <summary>The kind that is written so, or null.</summary>
    public static FaultKind? KindOf(string name) => Enum.GetValues<FaultKind>().Cast<FaultKind?>().FirstOrDefault(kind => NameOf(kind!.Value) == name);
}
