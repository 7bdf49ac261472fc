using Harness.Engine.Errors;

namespace Harness.Engine.Tables;

/// <summary>
/// A table of a scratch location cannot be read as it was written. Costs time, never data: whoever can makes it anew. Where that
/// does not help, or nobody can, it is the error that a person sees.
/// </summary>
internal sealed class TableDamagedException(string name, string reason, Exception? inner = null) : BackupException(
    ErrorCode.ScratchDamaged,
    $"The scratch file '{name}' is damaged: {reason}.",
    "The vault is not harmed. Check the disk that the file lies on, keep other programs off it, or use another one: --scratch for a "
    + "backup, XDG_CACHE_HOME for everything else. Then run again.",
    inner: inner);
