using System.Text;

namespace Harness.Simulator.FileSystem.Files;

/// <summary>
/// The asynchronous members. They complete before they return; a cancelled token is seen before anything is done.
/// </summary>
public sealed partial class SimFile
{
    /// <inheritdoc/>
    public Task AppendAllLinesAsync(
        string path, IEnumerable<string> contents, CancellationToken cancellationToken = default) =>
        Complete(cancellationToken, () => AppendAllLines(path, contents));

    /// <inheritdoc/>
    public Task AppendAllLinesAsync(
        string path, IEnumerable<string> contents, Encoding encoding, CancellationToken cancellationToken = default) =>
        Complete(cancellationToken, () => AppendAllLines(path, contents, encoding));

    /// <inheritdoc/>
    public Task AppendAllTextAsync(string path, string? contents, CancellationToken cancellationToken = default) =>
        Complete(cancellationToken, () => AppendAllText(path, contents));

    /// <inheritdoc/>
    public Task AppendAllTextAsync(
        string path, string? contents, Encoding encoding, CancellationToken cancellationToken = default) =>
        Complete(cancellationToken, () => AppendAllText(path, contents, encoding));

    /// <inheritdoc/>
    public Task WriteAllLinesAsync(
        string path, IEnumerable<string> contents, CancellationToken cancellationToken = default) =>
        Complete(cancellationToken, () => WriteAllLines(path, contents));

    /// <inheritdoc/>
    public Task WriteAllLinesAsync(
        string path, IEnumerable<string> contents, Encoding encoding, CancellationToken cancellationToken = default) =>
        Complete(cancellationToken, () => WriteAllLines(path, contents, encoding));

    /// <inheritdoc/>
    public Task WriteAllLinesAsync(string path, string[] contents, CancellationToken cancellationToken = default) =>
        Complete(cancellationToken, () => WriteAllLines(path, contents));

    /// <inheritdoc/>
    public Task WriteAllLinesAsync(
        string path, string[] contents, Encoding encoding, CancellationToken cancellationToken = default) =>
        Complete(cancellationToken, () => WriteAllLines(path, contents, encoding));

    /// <inheritdoc/>
    public Task WriteAllTextAsync(string path, string? contents, CancellationToken cancellationToken = default) =>
        Complete(cancellationToken, () => WriteAllText(path, contents));

    /// <inheritdoc/>
    public Task WriteAllTextAsync(
        string path, string? contents, Encoding encoding, CancellationToken cancellationToken = default) =>
        Complete(cancellationToken, () => WriteAllText(path, contents, encoding));

    /// <inheritdoc/>
    public Task WriteAllBytesAsync(string path, byte[] bytes, CancellationToken cancellationToken = default) =>
        Complete(cancellationToken, () => WriteAllBytes(path, bytes));

    /// <inheritdoc/>
    public Task<byte[]> ReadAllBytesAsync(string path, CancellationToken cancellationToken = default) =>
        Complete(cancellationToken, () => ReadAllBytes(path));

    /// <inheritdoc/>
    public Task<string[]> ReadAllLinesAsync(string path, CancellationToken cancellationToken = default) =>
        Complete(cancellationToken, () => ReadAllLines(path));

    /// <inheritdoc/>
    public Task<string[]> ReadAllLinesAsync(
        string path, Encoding encoding, CancellationToken cancellationToken = default) =>
        Complete(cancellationToken, () => ReadAllLines(path, encoding));

    /// <inheritdoc/>
    public Task<string> ReadAllTextAsync(string path, CancellationToken cancellationToken = default) =>
        Complete(cancellationToken, () => ReadAllText(path));

    /// <inheritdoc/>
    public Task<string> ReadAllTextAsync(
        string path, Encoding encoding, CancellationToken cancellationToken = default) =>
        Complete(cancellationToken, () => ReadAllText(path, encoding));

    private static Task Complete(CancellationToken cancellationToken, Action action) =>
        Complete(cancellationToken, () =>
        {
            action();
            return true;
        });

    /// <summary>Bad arguments are thrown at once, what the file system refuses goes into the task, as in .NET.</summary>
    private static Task<T> Complete<T>(CancellationToken cancellationToken, Func<T> function)
    {
        try
        {
            return cancellationToken.IsCancellationRequested
                ? Task.FromCanceled<T>(cancellationToken)
                : Task.FromResult(function());
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return Task.FromException<T>(failure);
        }
    }
}
