using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace Harness.Engine.Errors;

/// <summary>Checks that hold in Release builds too. A failed one is a bug of the engine and stops the run.</summary>
public static class Invariant
{
    /// <summary>Throws <see cref="ErrorCode.InternalError"/> unless <paramref name="condition"/> holds.</summary>
    public static void Require(
        [DoesNotReturnIf(false)] bool condition, [CallerArgumentExpression(nameof(condition))] string? what = null)
    {
        if (!condition)
        {
            throw new BackupException(ErrorCode.InternalError, $"Broken invariant: {what}.", "Report this as a bug.");
        }
    }
}
