using Harness.Engine.Errors;

namespace Harness.Scenarios.CommandLine;

/// <summary>The exit codes of <c>harness</c>. They never change their meaning.</summary>
public static class ExitCodes
{
    /// <summary>All is well.</summary>
    public const int Ok = 0;

    /// <summary>A bug of ours.</summary>
    public const int InternalError = 1;

    /// <summary>An unexpected result: a scenario failed, a check found damage, a vault is damaged.</summary>
    public const int UnexpectedResult = 2;

    /// <summary>Completed, but something that the rules protect could not be read; or cancelled.</summary>
    public const int Incomplete = 3;

    /// <summary>Arguments, input or surroundings that the user can mend.</summary>
    public const int BadInput = 5;

    /// <summary>The ids or the filter select nothing.</summary>
    public const int NothingSelected = 8;

    /// <summary>A merge lacks results.</summary>
    public const int MergeIncomplete = 9;

    /// <summary>A run stopped because too much failed.</summary>
    public const int TooManyFailures = 13;

    /// <summary>Code and meaning, for the help text.</summary>
    public static IReadOnlyList<(int Code, string Meaning)> All { get; } =
    [
        (Ok, "all is well"),
        (InternalError, "internal error: a bug of harness"),
        (UnexpectedResult, "unexpected result: a scenario failed, a check found damage, the vault is damaged"),
        (Incomplete, "completed, but something that the rules protect could not be read; or cancelled"),
        (BadInput, "bad arguments or input: the message says what to do"),
        (NothingSelected, "the ids or the filter select nothing"),
        (MergeIncomplete, "a merge of results is incomplete"),
        (TooManyFailures, "stopped after too many failures"),
    ];

    /// <summary>The exit code for an error.</summary>
    public static int For(ErrorCode code) => code switch
    {
        ErrorCode.InternalError => InternalError,
        ErrorCode.VaultBlobDamaged or ErrorCode.VaultBlobMissing or ErrorCode.VaultRolledBack => UnexpectedResult,
        ErrorCode.Cancelled => Incomplete,
        ErrorCode.NothingSelected => NothingSelected,
        ErrorCode.ResultsIncomplete => MergeIncomplete,
        _ => BadInput,
    };
}
