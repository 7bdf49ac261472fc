using System.Net.Sockets;
using System.Runtime.Versioning;
using System.Text;
using Harness.Tests.Local;

namespace Harness.Tests.EndToEnd;

/// <summary>
/// A generated tree of real files as untidy as those of people: every kind of entry, content, name, mode and time. What the
/// rules must skip is written down by hand while it is made, and not asked of the engine.
/// </summary>
[SupportedOSPlatform("linux")]
internal sealed class RealTree : IDisposable
{
    private const int FilesPerFolder = 40;
    private const int DeepLevels = 45;

    private static readonly UnixFileMode[] FileModes =
    [
        (UnixFileMode)0b110_100_100, (UnixFileMode)0b110_100_100, (UnixFileMode)0b110_000_000, (UnixFileMode)0b111_101_101,
        (UnixFileMode)0b100_100_100, (UnixFileMode)0b110_110_000, UnixFileMode.SetUser | (UnixFileMode)0b111_101_101,
    ];

    private static readonly string[] NamePatterns =
    [
        "report {0}.docx", "photo-{0}.jpg", "{0}.txt", " leading and trailing {0} ", "new\nline {0}", "tab\t{0}", "größe 名前 😀 {0}",
        "e\u0301 and \u00e9 {0}", "quo'te\"{0}`$HOME", "-rf {0}", ".hidden-{0}", "back\\slash {0}", "*?[{0}]", "100%41 {0}", "a:b {0}",
        "ends with a dot {0}.", "CON.{0}", "\u0001\u001b[31m {0}", "~{0}~", "#{0}#", "{0};|&<>",
    ];

    private readonly TempDirectory _temp = new();
    private readonly Random _random;
    private readonly List<string> _files = [];
    private readonly SortedDictionary<string, string> _skipped = new(StringComparer.Ordinal);

    internal RealTree(int files, int seed)
    {
        _random = new Random(seed);
        _ = Directory.CreateDirectory(Root);
        MakeSpecialEntries();
        for (var i = 0; _files.Count < files; i++)
        {
            MakeFile(i);
        }

        MakeDeepPath();
        SetMetadata();
    }

    internal string Root => _temp.At("source");

    /// <summary>Reason by path of everything that the rules leave out, as the documents have it.</summary>
    internal IReadOnlyDictionary<string, string> Skipped => _skipped;

    internal string At(string path) => Path.Combine(Root, path);

    /// <summary>A copy that keeps everything, for comparison after the tree was edited.</summary>
    internal string CopyAs(string name)
    {
        _ = _temp.Shell($"cp -a --sparse=auto source '{name}'");
        return _temp.At(name);
    }

    internal string In(string name) => _temp.At(name);

    internal string Shell(string script) => _temp.Shell(script);

    /// <summary>A week's work: every kind of edit, on many files.</summary>
    internal void Edit()
    {
        var plain = _files.Where(path => new FileInfo(At(path)).Length > 0).ToList();
        foreach (var (path, kind) in plain.Where((_, i) => i % 20 == 3).Select((path, i) => (path, i % 7)))
        {
            EditOne(path, kind);
        }

        Directory.Move(At("folder-1"), At("renamed folder"));
        _ = Directory.CreateDirectory(At("new folder/with/more"));
        File.WriteAllBytes(At("new folder/with/more/new.bin"), Bytes(300_000));
        File.WriteAllText(At("new folder/copy of text.txt"), Text(50_000));
        File.SetUnixFileMode(At("read-only folder"), (UnixFileMode)0b111_101_101);
        Swap();
        LinkAndUnlink();
        OverwriteKeepingTheTime();
    }

    public void Dispose() => _temp.Dispose();

    private void EditOne(string path, int kind)
    {
        var full = At(path);
        var mode = File.GetUnixFileMode(full);
        File.SetUnixFileMode(full, mode | UnixFileMode.UserRead | UnixFileMode.UserWrite);
        switch (kind)
        {
            case 0:
                using (var file = new FileStream(full, FileMode.Append))
                {
                    file.Write(Bytes(_random.Next(1, 9000)));
                }

                break;
            case 1:
                using (var file = File.OpenWrite(full))
                {
                    file.Position = file.Length / 2 / 4096 * 4096;
                    file.Write(Bytes(4096));
                }

                break;
            case 2:
                using (var file = File.OpenWrite(full))
                {
                    file.SetLength(file.Length / 3);
                }

                break;
            case 3:
                File.Delete(full);
                _files.Remove(path);
                return;
            case 4:
                File.Move(full, full + " moved");
                return;
            case 5:
                File.SetUnixFileMode(full, mode ^ UnixFileMode.OtherRead);
                return;
            default:
                Posix.SetModified(full, 1_700_000_000 + _random.Next(1_000_000), _random.Next(1_000_000_000));
                break;
        }

        File.SetUnixFileMode(full, mode);
    }

    /// <summary>A file becomes a folder, a folder a file, and a link a file.</summary>
    private void Swap()
    {
        File.Delete(At("becomes a folder"));
        _ = Directory.CreateDirectory(At("becomes a folder"));
        File.WriteAllText(At("becomes a folder/inside"), "inside");
        Directory.Delete(At("becomes a file"), recursive: true);
        File.WriteAllText(At("becomes a file"), "was a folder");
        File.Delete(At("link to a file"));
        File.WriteAllText(At("link to a file"), "was a link");
        _ = _skipped.Remove("link to a file");
    }

    /// <summary>One file gets a second name and leaves the protected set, another loses it and enters.</summary>
    private void LinkAndUnlink()
    {
        Link("gets a name", "new folder/its other name");
        _skipped.Add("gets a name", "hard-link");
        _skipped.Add("new folder/its other name", "hard-link");
        File.Delete(At("loses its other name"));
        _ = _skipped.Remove("loses its other name");
        _ = _skipped.Remove("keeps one name");
    }

    /// <summary>Neither size nor time of last write tells of it.</summary>
    private void OverwriteKeepingTheTime()
    {
        var time = File.GetLastWriteTimeUtc(At("same size and time"));
        File.WriteAllBytes(At("same size and time"), Bytes(20_000));
        File.SetLastWriteTimeUtc(At("same size and time"), time);
    }

    private void MakeSpecialEntries()
    {
        foreach (var folder in new[] { "empty folder", "read-only folder", "becomes a file", "odd" })
        {
            _ = Directory.CreateDirectory(At(folder));
        }

        Write("becomes a file/inside", Bytes(100));
        Write("becomes a folder", Bytes(5000));
        Write("read-only folder/kept.txt", Encoding.UTF8.GetBytes(Text(3000)));
        Write("gets a name", Bytes(70_000));
        Write("same size and time", Bytes(20_000));
        Write("odd/" + new string('x', 255), Bytes(10));
        Write("odd/" + string.Concat(Enumerable.Repeat("é", 127)), Bytes(10));
        MakeSparse("sparse-middle.bin", 64 << 20, [(20 << 20, 70_000), (40 << 20, 4096)]);
        MakeSparse("sparse-end.bin", 8 << 20, [(0, 4096)]);
        MakeSparse("sparse-all.bin", 3 << 20, []);
        Write("zeros that are written.bin", new byte[1_500_000]);

        MakeLinked("linked-a", "odd/linked-b", "linked c");
        MakeLinked("keeps one name", "loses its other name");
        MakeSymbolicLink("link to a file", "gets a name");
        MakeSymbolicLink("link to a folder", "odd");
        MakeSymbolicLink("dangling link", "/nowhere at all");
        _ = _temp.Shell("mkfifo source/pipe");
        _skipped.Add("pipe", "special-file");
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Bind(new UnixDomainSocketEndPoint(At("socket")));

        // .NET deletes the name when it closes the socket: a second name stays, with one link once the first is gone.
        File.Move(At("socket"), At("a socket"));
        _skipped.Add("a socket", "special-file");
    }

    private void MakeFile(int index)
    {
        var number = index / FilesPerFolder;
        var folder = number == 0 ? "" : number % 9 == 0 ? $"folder-{number % 5}/sub/{number}/" : $"folder-{number}/";
        if (folder.Length > 0)
        {
            _ = Directory.CreateDirectory(At(folder));
        }

        var name = string.Format(
            System.Globalization.CultureInfo.InvariantCulture, NamePatterns[index % NamePatterns.Length], index);
        var path = folder + name;
        Write(path, Content(index));
        _files.Add(path);
    }

    private byte[] Content(int index)
    {
        var size = (index % 100) switch
        {
            < 4 => 0,
            < 70 => _random.Next(1, 8 << 10),
            < 95 => _random.Next(8 << 10, 64 << 10),
            < 99 => _random.Next(64 << 10, 256 << 10),
            _ => index % 500 == 99 ? _random.Next(1 << 20, 4 << 20) : 4096,
        };
        return (index % 5) switch
        {
            0 or 1 => Encoding.UTF8.GetBytes(Text(size)),
            2 => MostlyZeros(size),
            _ => Bytes(size),
        };
    }

    private void MakeDeepPath()
    {
        var path = "deep";
        for (var level = 0; level < DeepLevels; level++)
        {
            path += $"/level {level} with a name that is not short";
        }

        _ = Directory.CreateDirectory(At(path));
        Write(path + "/at the bottom.txt", Bytes(9000));
    }

    private void SetMetadata()
    {
        for (var i = 0; i < _files.Count; i++)
        {
            var full = At(_files[i]);
            if (i % 11 == 0)
            {
                Posix.SetOwner(full, (uint)_random.Next(0, 3000), (uint)_random.Next(0, 3000));
            }

            Posix.SetModified(full, _random.Next(), _random.Next(1_000_000_000));
            File.SetUnixFileMode(full, FileModes[_random.Next(FileModes.Length)]);
        }

        Posix.SetModified(At("zeros that are written.bin"), -123_456, 1);
        File.SetUnixFileMode(At("odd"), UnixFileMode.StickyBit | (UnixFileMode)0b111_111_111);
        File.SetUnixFileMode(At("read-only folder"), (UnixFileMode)0b101_101_101);
        Posix.SetModified(At("empty folder"), 86_400, 999_999_999);
    }

    private void MakeLinked(params string[] names)
    {
        Write(names[0], Bytes(6000));
        foreach (var name in names)
        {
            if (name != names[0])
            {
                Link(names[0], name);
            }

            _skipped.Add(name, "hard-link");
        }
    }

    private void Link(string existing, string name) => _ = _temp.Shell($"ln 'source/{existing}' 'source/{name}'");

    private void MakeSymbolicLink(string path, string target)
    {
        _ = File.CreateSymbolicLink(At(path), target);
        _skipped.Add(path, "reparse-point");
    }

    private void MakeSparse(string path, long size, (long Offset, int Length)[] pieces)
    {
        using var file = File.Create(At(path));
        file.SetLength(size);
        foreach (var (offset, length) in pieces)
        {
            file.Position = offset;
            file.Write(Bytes(length));
        }
    }

    private void Write(string path, byte[] content) => File.WriteAllBytes(At(path), content);

    private byte[] Bytes(int size)
    {
        var bytes = new byte[size];
        _random.NextBytes(bytes);
        return bytes;
    }

    private byte[] MostlyZeros(int size)
    {
        var bytes = new byte[size];
        for (var i = 0; i < size; i += 9000)
        {
            bytes[i] = (byte)_random.Next(1, 256);
        }

        return bytes;
    }

    private string Text(int size)
    {
        var text = new StringBuilder(size + 20);
        while (text.Length < size)
        {
            _ = text.Append("word").Append(_random.Next(400)).Append(text.Length % 13 == 0 ? '\n' : ' ');
        }

        return text.ToString(0, size);
    }
}
