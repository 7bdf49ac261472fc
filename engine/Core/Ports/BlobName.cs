using System.Buffers;
using Harness.Engine.Errors;

namespace Harness.Engine.Ports;

/// <summary>
/// The rules for blob names, the same in every vault: <c>[a-z0-9/._-]</c>, 1 to 256 characters, components separated by
/// '/'. A component is not empty and neither begins nor ends with '.': so no name leaves a directory, file systems that drop
/// a trailing dot keep names apart, and a vault may use dotted names for itself. No blob is named like a folder of another.
/// </summary>
public static class BlobName
{
    /// <summary>The longest name, in characters.</summary>
    public const int MaxLength = 256;

    private static readonly SearchValues<char> Allowed =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789/._-");

    /// <summary>Whether the name follows the rules.</summary>
    public static bool IsValid(ReadOnlySpan<char> name)
    {
        if (name.IsEmpty || name.Length > MaxLength || name.ContainsAnyExcept(Allowed))
        {
            return false;
        }

        foreach (Range component in name.Split('/'))
        {
            ReadOnlySpan<char> part = name[component];
            if (part.IsEmpty || part[0] == '.' || part[^1] == '.')
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Throws InternalError unless the name follows the rules: the engine itself composes every name.</summary>
    public static void Require(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (!IsValid(name))
        {
            throw Invalid("name", name);
        }
    }

    /// <summary>
    /// Throws InternalError unless the text can begin a name: empty, or a name, or a name and what begins the next component.
    /// </summary>
    public static void RequirePrefix(string prefix)
    {
        ArgumentNullException.ThrowIfNull(prefix);
        bool valid = prefix.Length == 0 || (prefix.Length < MaxLength && IsValid(prefix + "a"));
        if (!valid)
        {
            throw Invalid("prefix", prefix);
        }
    }

    private static BackupException Invalid(string what, string text) => new(
        ErrorCode.InternalError,
        $"'{text}' is no valid blob {what} ([a-z0-9/._-], at most {MaxLength} characters, no component empty or with a dot at its ends).",
        "Report this as a bug.");
}
