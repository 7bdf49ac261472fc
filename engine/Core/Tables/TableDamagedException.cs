namespace Harness.Engine.Tables;

/// <summary>A table of the scratch location cannot be read as it was written. Costs time, never data: it is rebuilt.</summary>
internal sealed class TableDamagedException(string name, string reason, Exception? inner = null)
    : Exception($"The scratch file '{name}' is damaged: {reason}.", inner);
