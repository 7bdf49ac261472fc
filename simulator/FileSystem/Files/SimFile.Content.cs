using System.Text;

namespace Harness.Simulator.FileSystem.Files;

/// <summary>Streams, and whole contents in one call.</summary>
public sealed partial class SimFile
{
    private static readonly UTF8Encoding Utf8NoBom = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <inheritdoc/>
    public Stream Create(string path) => Create(path, 4096);

    /// <inheritdoc/>
    public Stream Create(string path, int bufferSize) => Create(path, bufferSize, FileOptions.None);

    /// <inheritdoc/>
    public Stream Create(string path, int bufferSize, FileOptions options) =>
        _fileSystem.Open(path, FileMode.Create, FileAccess.ReadWrite, FileShare.None, options, bufferSize);

    /// <inheritdoc/>
    public Stream Open(string path, FileMode mode) => _fileSystem.Open(path, mode, null, FileShare.None);

    /// <inheritdoc/>
    public Stream Open(string path, FileMode mode, FileAccess access) => Open(path, mode, access, FileShare.None);

    /// <inheritdoc/>
    public Stream Open(string path, FileMode mode, FileAccess access, FileShare share) =>
        _fileSystem.Open(path, mode, access, share);

    /// <inheritdoc/>
    public Stream OpenRead(string path) => Open(path, FileMode.Open, FileAccess.Read, FileShare.Read);

    /// <inheritdoc/>
    public Stream OpenWrite(string path) => Open(path, FileMode.OpenOrCreate, FileAccess.Write, FileShare.None);

    /// <inheritdoc/>
    public StreamReader OpenText(string path) => new(OpenRead(path), Encoding.UTF8);

    /// <inheritdoc/>
    public StreamWriter CreateText(string path) => Writer(path, FileMode.Create, Utf8NoBom);

    /// <inheritdoc/>
    public StreamWriter AppendText(string path) => Writer(path, FileMode.Append, Utf8NoBom);

    /// <inheritdoc/>
    public byte[] ReadAllBytes(string path)
    {
        using var stream = OpenRead(path);
        if (stream.Length > Array.MaxLength)
        {
            throw new IOException(
                "The file is too long. This operation is currently limited to supporting files less than 2 gigabytes in size.");
        }

        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }

    /// <inheritdoc/>
    public string ReadAllText(string path) => ReadAllText(path, Encoding.UTF8);

    /// <inheritdoc/>
    public string ReadAllText(string path, Encoding encoding)
    {
        using var reader = Reader(path, encoding);
        return reader.ReadToEnd();
    }

    /// <inheritdoc/>
    public string[] ReadAllLines(string path) => ReadAllLines(path, Encoding.UTF8);

    /// <inheritdoc/>
    public string[] ReadAllLines(string path, Encoding encoding) => [.. ReadLines(path, encoding)];

    /// <inheritdoc/>
    public IEnumerable<string> ReadLines(string path) => ReadLines(path, Encoding.UTF8);

    /// <inheritdoc/>
    public IEnumerable<string> ReadLines(string path, Encoding encoding) =>
        new LineSequence(() => Reader(path, encoding));

    /// <inheritdoc/>
    public void WriteAllBytes(string path, byte[] bytes)
    {
        Paths.PathArguments.Require(path, nameof(path));
        ArgumentNullException.ThrowIfNull(bytes);
        using var stream = _fileSystem.Open(path, FileMode.Create, FileAccess.Write, FileShare.Read);
        stream.Write(bytes);
    }

    /// <inheritdoc/>
    public void WriteAllText(string path, string? contents) => WriteText(path, FileMode.Create, contents, Utf8NoBom);

    /// <inheritdoc/>
    public void WriteAllText(string path, string? contents, Encoding encoding) =>
        WriteText(path, FileMode.Create, contents, encoding);

    /// <inheritdoc/>
    public void AppendAllText(string path, string? contents) => WriteText(path, FileMode.Append, contents, Utf8NoBom);

    /// <inheritdoc/>
    public void AppendAllText(string path, string? contents, Encoding encoding) =>
        WriteText(path, FileMode.Append, contents, encoding);

    /// <inheritdoc/>
    public void WriteAllLines(string path, IEnumerable<string> contents) => WriteAllLines(path, contents, Utf8NoBom);

    /// <inheritdoc/>
    public void WriteAllLines(string path, IEnumerable<string> contents, Encoding encoding) =>
        WriteLines(path, FileMode.Create, contents, encoding);

    /// <inheritdoc/>
    public void WriteAllLines(string path, string[] contents) => WriteAllLines(path, contents, Utf8NoBom);

    /// <inheritdoc/>
    public void WriteAllLines(string path, string[] contents, Encoding encoding) =>
        WriteLines(path, FileMode.Create, contents, encoding);

    /// <inheritdoc/>
    public void AppendAllLines(string path, IEnumerable<string> contents) => AppendAllLines(path, contents, Utf8NoBom);

    /// <inheritdoc/>
    public void AppendAllLines(string path, IEnumerable<string> contents, Encoding encoding) =>
        WriteLines(path, FileMode.Append, contents, encoding);

    private StreamReader Reader(string path, Encoding encoding)
    {
        Paths.PathArguments.Require(path, nameof(path));
        ArgumentNullException.ThrowIfNull(encoding);
        return new StreamReader(OpenRead(path), encoding, detectEncodingFromByteOrderMarks: true);
    }

    private StreamWriter Writer(string path, FileMode mode, Encoding encoding) =>
        new(_fileSystem.Open(path, mode, FileAccess.Write, FileShare.Read), encoding)
        {
            NewLine = _fileSystem.Options.NewLine,
        };

    private void WriteText(string path, FileMode mode, string? contents, Encoding encoding)
    {
        Paths.PathArguments.Require(path, nameof(path));
        ArgumentNullException.ThrowIfNull(encoding);
        using var writer = Writer(path, mode, encoding);
        writer.Write(contents);
    }

    private void WriteLines(string path, FileMode mode, IEnumerable<string> contents, Encoding encoding)
    {
        Paths.PathArguments.Require(path, nameof(path));
        ArgumentNullException.ThrowIfNull(contents);
        ArgumentNullException.ThrowIfNull(encoding);
        using var writer = Writer(path, mode, encoding);
        foreach (var line in contents)
        {
            writer.WriteLine(line);
        }
    }
}
