using Harness.Simulator.Content;

namespace Harness.Perf.Macro;

/// <summary>
/// A real tree on disk from a seed: files whose sizes spread over seven powers of ten around 8 KiB, 40 % text-like, 40 %
/// incompressible, 20 % mostly zeros (some of those sparse), and one image. The same arguments give the same bytes everywhere.
/// </summary>
/// <param name="root">Directory to fill; it is made.</param>
/// <param name="files">Files beside the image.</param>
/// <param name="imageBytes">Length of the image, a multiple of a page.</param>
internal sealed class MacroTree(string root, int files, long imageBytes)
{
    private const ulong Seed = 47;
    private const int PageBytes = 4096;
    private const int FilesPerFolder = 100;
    private const int BufferBytes = 1 << 20;

    private readonly byte[] _buffer = new byte[BufferBytes];

    private string ImagePath => Path.Combine(root, "image.raw");

    /// <summary>Writes everything; returns the bytes of all files.</summary>
    public long Create()
    {
        Directory.CreateDirectory(root);
        Fill(ImagePath, imageBytes, ContentProfile.Random with { RatioPermille = 700 }, Mix.Of(Seed, "image"));
        var total = imageBytes;
        var random = new SeededSequence(Seed);
        for (var i = 0; i < files; i++)
        {
            if (i % FilesPerFolder == 0)
            {
                Directory.CreateDirectory(FolderOf(i));
            }

            total += CreateFile(i, random);
        }

        return total;
    }

    /// <summary>Overwrites one page of a hundred of the image, at random; returns the bytes that changed.</summary>
    public long OverwriteScatteredPages()
    {
        var random = new SeededSequence(Mix.Of(Seed, "pages"));
        var pages = imageBytes / PageBytes;
        var chosen = new HashSet<long>();
        using var image = File.OpenHandle(ImagePath, FileMode.Open, FileAccess.Write);
        while (chosen.Count < Math.Max(pages / 100, 1))
        {
            var page = random.Below(pages);
            if (chosen.Add(page))
            {
                var content = _buffer.AsSpan(0, PageBytes);
                ContentGenerator.Fill(ContentProfile.Random, Mix.Of(Seed, (ulong)page), 0, content);
                RandomAccess.Write(image, content, page * PageBytes);
            }
        }

        return chosen.Count * (long)PageBytes;
    }

    /// <summary>Appends 8 KiB to one file of a hundred; returns the bytes that were added.</summary>
    public long Append()
    {
        long added = 0;
        for (var i = 0; i < files; i += 100)
        {
            var content = _buffer.AsSpan(0, 8 << 10);
            ContentGenerator.Fill(ContentProfile.Text, Mix.Of(Seed, (ulong)i + 1_000_000), 0, content);
            using var file = new FileStream(PathOf(i), FileMode.Append, FileAccess.Write);
            file.Write(content);
            added += content.Length;
        }

        return added;
    }

    /// <summary>Overwrites 64 aligned pieces of 64 KiB of the image; returns the bytes that changed.</summary>
    public long OverwriteAligned()
    {
        const int PieceBytes = 64 << 10;
        var random = new SeededSequence(Mix.Of(Seed, "aligned"));
        var pieces = imageBytes / PieceBytes;
        var chosen = new HashSet<long>();
        using var image = File.OpenHandle(ImagePath, FileMode.Open, FileAccess.Write);
        while (chosen.Count < Math.Min(pieces, 64))
        {
            var piece = random.Below(pieces);
            if (chosen.Add(piece))
            {
                Write(image, piece * PieceBytes, PieceBytes, ContentProfile.Random, Mix.Of(Seed, (ulong)piece + 2_000_000));
            }
        }

        return chosen.Count * (long)PieceBytes;
    }

    /// <summary>
    /// Inserts 100 bytes at 8 odd places of the image, as a program does that writes its file again; returns the bytes inserted.
    /// </summary>
    public long Insert()
    {
        const int Places = 8;
        const int InsertedBytes = 100;
        var copy = ImagePath + ".new";
        using (var image = File.OpenHandle(ImagePath))
        using (var target = File.OpenHandle(copy, FileMode.Create, FileAccess.Write))
        {
            long written = 0;
            for (var place = 0; place < Places; place++)
            {
                var from = place == 0 ? 0 : At(place);
                var to = place == Places - 1 ? RandomAccess.GetLength(image) : At(place + 1);
                written = Copy(image, target, from, to, written);
                Write(target, written, InsertedBytes, ContentProfile.Random, Mix.Of(Seed, (ulong)place + 3_000_000));
                written += InsertedBytes;
            }
        }

        // Into the same file: most programs that keep hard links and permissions do so.
        File.Copy(copy, ImagePath, overwrite: true);
        File.Delete(copy);
        return Places * InsertedBytes;

        long At(int place) => (imageBytes / Places * place) + (place * 1_237L);
    }

    /// <summary>Renames one folder of a hundred files; returns 0, since no content changed.</summary>
    public long Rename()
    {
        Directory.Move(FolderOf(0), FolderOf(0) + "-renamed");
        return 0;
    }

    /// <summary>Changes mode and time of one file of a hundred; returns 0, since no content changed.</summary>
    public long ChangeAttributes()
    {
        for (var i = FilesPerFolder; i < files; i += 100)
        {
            if (!OperatingSystem.IsWindows())
            {
                File.SetUnixFileMode(PathOf(i), UnixFileMode.UserRead | UnixFileMode.UserWrite);
            }

            File.SetLastAccessTimeUtc(PathOf(i), DateTime.UnixEpoch);
        }

        return 0;
    }

    private long Copy(
        Microsoft.Win32.SafeHandles.SafeFileHandle source, Microsoft.Win32.SafeHandles.SafeFileHandle target, long from, long to, long at)
    {
        while (from < to)
        {
            var piece = _buffer.AsSpan(0, (int)Math.Min(to - from, BufferBytes));
            var read = RandomAccess.Read(source, piece, from);
            RandomAccess.Write(target, piece[..read], at);
            (from, at) = (from + read, at + read);
        }

        return at;
    }

    private string FolderOf(int index) => Path.Combine(root, $"folder{index / FilesPerFolder:D4}");

    private string PathOf(int index) => Path.Combine(FolderOf(index), $"file{index:D6}.dat");

    private long CreateFile(int index, SeededSequence random)
    {
        // The exponent is a sum of three uniform draws, so the sizes are close to log-normal without a logarithm.
        var power = 3 + random.Below(7) + random.Below(7) + random.Below(7);
        var bytes = (1L << power) + random.Below(1L << power);
        var kind = random.Below(10);
        var seed = random.Next();
        if (kind < 8)
        {
            Fill(PathOf(index), bytes, kind < 4 ? ContentProfile.Text : ContentProfile.Random, seed);
            return bytes;
        }

        // Mostly zeros: an eighth of data at the end, the rest written as zeros or left as a hole.
        using var file = File.OpenHandle(PathOf(index), FileMode.Create, FileAccess.Write);
        var data = Math.Max(bytes / 8, 1);
        if (kind == 8)
        {
            Write(file, 0, bytes - data, ContentProfile.Zeros, seed);
        }

        Write(file, bytes - data, data, ContentProfile.Random, seed);
        return bytes;
    }

    private void Fill(string path, long bytes, ContentProfile profile, ulong seed)
    {
        using var file = File.OpenHandle(path, FileMode.Create, FileAccess.Write);
        Write(file, 0, bytes, profile, seed);
    }

    private void Write(Microsoft.Win32.SafeHandles.SafeFileHandle file, long start, long bytes, ContentProfile profile, ulong seed)
    {
        for (long done = 0; done < bytes;)
        {
            var piece = _buffer.AsSpan(0, (int)Math.Min(bytes - done, BufferBytes));
            ContentGenerator.Fill(profile, seed, done, piece);
            RandomAccess.Write(file, piece, start + done);
            done += piece.Length;
        }
    }
}
