using System.Globalization;
using Harness.Simulator.Content;

namespace Harness.Scenarios.Searches.Processes;

/// <summary>Seeded edits of a real directory tree. Its contents do not compress and do not repeat, so that what is sent can be counted.</summary>
/// <param name="root">The directory; made when it is not there.</param>
/// <param name="seed">The seed.</param>
/// <param name="mostBytes">What the tree may hold; beyond that files are deleted.</param>
internal sealed class TreeEdits(string root, ulong seed, long mostBytes)
{
    private const int PageBytes = 4096;
    private const int MostFileBytes = 4 << 20;

    private static readonly string[] Folders = ["", "d", "d/e"];

    private readonly SeededSequence _choices = new(Mix.Of(seed, "edits"));
    private long _names;
    private ulong _contents;

    /// <summary>Makes files, a few of them long.</summary>
    public void Create(int files, int bytes)
    {
        for (var i = 0; i < files; i++)
        {
            Write(NewPath(), bytes);
        }
    }

    /// <summary>Makes one edit.</summary>
    public void Edit()
    {
        Directory.CreateDirectory(root);
        var files = Files();
        if (files.Sum(file => file.Length) > mostBytes)
        {
            foreach (var file in files.Where((_, index) => index % 3 == 0))
            {
                file.Delete();
            }

            return;
        }

        if (files.Count == 0 || _choices.Permille(300))
        {
            Write(NewPath(), _choices.Below(_choices.Permille(100) ? MostFileBytes : MostFileBytes / 16));
            return;
        }

        Change(_choices.Pick(files));
    }

    private void Change(FileInfo file)
    {
        switch (_choices.Below(7))
        {
            case 0:
                file.Delete();
                break;
            case 1:
                file.MoveTo(NewPath());
                break;
            case 2:
                using (var stream = file.OpenWrite())
                {
                    stream.SetLength(_choices.Below(file.Length + 1));
                }

                break;
            case 3:
                using (var stream = file.Open(FileMode.Append))
                {
                    stream.Write(Content(1 + _choices.Below(MostFileBytes / 16)));
                }

                break;
            case 4:
                Write(file.FullName, _choices.Below(MostFileBytes / 16));
                break;
            default:
                using (var stream = file.OpenWrite())
                {
                    for (var pages = 1 + _choices.Below(8); pages > 0 && file.Length > 0; pages--)
                    {
                        stream.Position = _choices.Below(file.Length);
                        stream.Write(Content(1 + _choices.Below(PageBytes)));
                    }
                }

                break;
        }
    }

    private List<FileInfo> Files() =>
        [.. new DirectoryInfo(root).EnumerateFiles("*", SearchOption.AllDirectories).OrderBy(file => file.FullName, StringComparer.Ordinal)];

    private string NewPath()
    {
        var folder = Path.Combine(root, _choices.Pick(Folders));
        Directory.CreateDirectory(folder);
        return Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"f{_names++:d6}"));
    }

    private void Write(string path, int bytes) => File.WriteAllBytes(path, Content(bytes));

    private byte[] Content(int bytes)
    {
        var content = new byte[bytes];
        ContentGenerator.Fill(ContentProfile.Random, Mix.Of(seed, ++_contents), 0, content);
        return content;
    }
}
