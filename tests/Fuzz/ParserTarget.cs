using System.Security.Cryptography;
using Harness.Engine.Errors;

namespace Harness.Tests.Fuzz;

/// <summary>One parser of data that others may have made, and how it is tried.</summary>
/// <param name="Name">Its name, and that of its folder of the corpus.</param>
/// <param name="Sources">Source files whose parsing it tries.</param>
/// <param name="Seeds">Inputs that it takes.</param>
/// <param name="Parse">Parses an input and looks at all that came of it.</param>
internal sealed record ParserTarget(string Name, string[] Sources, Func<IEnumerable<byte[]>> Seeds, Action<byte[]> Parse)
{
    /// <summary>Codes that a refusal may have.</summary>
    public ErrorCode[] Codes { get; init; } = [ErrorCode.VaultBlobDamaged];

    /// <summary>Bytes that may be allocated whatever the input is; an error with its trace is among them.</summary>
    public long BaseBytes { get; init; } = 256 << 10;

    /// <summary>Bytes that may be allocated for each byte of input.</summary>
    public long BytesPerByte { get; init; } = 128;

    /// <summary>What the parser does with an input that the contract does not allow; null when it keeps to it.</summary>
    public string? FaultOf(byte[] input) => Try(input).Fault;

    /// <summary>Tries an input: the fault, and a word for how it ended, equal for what ends in the same way.</summary>
    public (string? Fault, string Ending) Try(byte[] input)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        string? fault = null;
        var ending = "taken";
        try
        {
            Parse(input);
        }
#pragma warning disable CA1031 // What else comes is just what is looked for.
        catch (Exception error)
#pragma warning restore CA1031
        {
            ending = Ending(error);
            fault = IsRefusal(error) ? null : error.ToString();
        }

        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        var allowed = BaseBytes + (BytesPerByte * input.Length);
        return (fault ?? (allocated > allowed ? $"{allocated} bytes were allocated for {input.Length}; {allowed} are allowed" : null), ending);
    }

    /// <inheritdoc/>
    public override string ToString() => Name;

    private bool IsRefusal(Exception error) => error is InvalidDataException or AuthenticationTagMismatchException
        || (error is BackupException { Code: var code } && Codes.Contains(code));

    /// <summary>Numbers and what is quoted of the input say nothing about the way to a message.</summary>
    private static string Ending(Exception error)
    {
        var quoted = (error.InnerException ?? error).Message.Split('\'', '"');
        return error.GetType().Name + ": " + string.Concat(quoted.Where((_, part) => part % 2 == 0).SelectMany(text => text.Where(char.IsAsciiLetter)).Take(120));
    }
}
