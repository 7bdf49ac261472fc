using Harness.Simulator.Content;

namespace Harness.Simulator.Recipes;

/// <summary>Where a tree takes its names from.</summary>
internal interface INamePool
{
    string Directory(int depth);

    FileIdea File();
}

/// <summary>A file that somebody could have: its name, and what is in it.</summary>
/// <param name="Stem">Name without extension.</param>
/// <param name="Extension">With the dot.</param>
/// <param name="Profile">Generated content.</param>
/// <param name="Text">Literal content instead, for short notes; else null.</param>
internal readonly record struct FileIdea(string Stem, string Extension, ContentProfile Profile, byte[]? Text = null);

/// <summary>Numbered names.</summary>
internal sealed class PlainNames : INamePool
{
    private long _directories;
    private long _files;

    public string Directory(int depth) => $"d{_directories++:x5}";

    public FileIdea File() => new($"f{_files++:x6}", ".bin", ContentProfile.Random);
}
