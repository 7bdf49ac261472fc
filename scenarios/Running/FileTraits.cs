using Harness.Simulator.Volume;

namespace Harness.Scenarios.Running;

/// <summary>Says in the words of the support matrix what an entry or stream of a simulated volume is.</summary>
internal static class FileTraits
{
    /// <summary>The words joined by commas, in one order; empty for an ordinary file.</summary>
    public static string Of(VolumeEntry entry, VolumeStream? stream)
    {
        var named = stream is { Name.Length: > 0 };
        var words = new List<string>();
        Add(entry.IsDirectory && !named, "directory");
        Add(Has(StreamFlags.Encrypted, FileAttributes.Encrypted), "encrypted");
        Add(Has(StreamFlags.Compressed, FileAttributes.Compressed), "compressed");
        Add(Has(StreamFlags.Sparse, FileAttributes.SparseFile), "sparse");
        Add(entry.LinkCount > 1 && !named && !entry.IsDirectory, "hard-link");
        Add(entry.ReparseTag is not null && !named, "reparse-point");
        Add(named, "named-stream");
        return string.Join(',', words);

        bool Has(StreamFlags flag, FileAttributes attribute) =>
            (stream is not null && stream.Flags.HasFlag(flag)) || (!named && entry.Attributes.HasFlag(attribute));

        void Add(bool holds, string word)
        {
            if (holds)
            {
                words.Add(word);
            }
        }
    }
}
