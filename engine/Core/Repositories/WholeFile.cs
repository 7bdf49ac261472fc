using Harness.Engine.Ports;

namespace Harness.Engine.Repositories;

/// <summary>A small file of a scratch location that is read as a whole and replaced as a whole.</summary>
internal static class WholeFile
{
    /// <summary>All of it; null when there is none, when it is longer than it may be, or when it shrinks meanwhile.</summary>
    public static async ValueTask<byte[]?> TryReadAsync(IScratch scratch, string name, int mostBytes, CancellationToken cancellationToken)
    {
        if (await scratch.GetLengthAsync(name, cancellationToken) is not { } length || length > mostBytes)
        {
            return null;
        }

        var content = new byte[length];
        return await scratch.ReadAsync(name, 0, content, cancellationToken) == content.Length ? content : null;
    }

    /// <summary>Puts another in its place. What is not flushed may be lost or torn in a crash.</summary>
    public static async ValueTask ReplaceAsync(
        IScratch scratch, string name, ReadOnlyMemory<byte> content, bool flush, CancellationToken cancellationToken)
    {
        var fresh = name + ".new";
        await scratch.DeleteAsync(fresh, cancellationToken);
        await scratch.AppendAsync(fresh, content, cancellationToken);
        if (flush)
        {
            await scratch.FlushAsync(fresh, cancellationToken);
        }

        await scratch.RenameAsync(fresh, name, cancellationToken);
    }
}
