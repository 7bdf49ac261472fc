using Harness.Simulator.Journal;

namespace Harness.Simulator.Volume;

/// <summary>Directories with a case rule of their own.</summary>
public sealed partial class SimVolume
{
    /// <summary>
    /// Makes a directory case-sensitive or not (FileCaseSensitiveInformation, FILE_CS_FLAG_CASE_SENSITIVE_DIR; MS-FSCC
    /// 2.4.2). Directories that are made in it inherit the flag. Refused for files (STATUS_INVALID_PARAMETER), and for going back
    /// while names in it differ in case only (STATUS_CASE_DIFFERING_NAMES_IN_DIR); it need not be empty. Names of streams
    /// stay case-insensitive.
    /// </summary>
    public void SetCaseSensitive(string path, bool caseSensitive = true)
    {
        RequireWritable(path);
        RequireFeature(path, VolumeFeatures.CaseSensitiveDirectories);
        var index = Require(path).Index;
        ref readonly var record = ref Records.Get(index);
        if (!record.IsDirectory)
        {
            throw VolumeError.Refused(path, "only a directory has a case rule (STATUS_INVALID_PARAMETER)", "Name its directory.");
        }

        if (((record.Flags & FileRecord.CaseSensitive) != 0) == caseSensitive)
        {
            return;
        }

        var old = record.Extra!.Children!;
        var items = new List<DirectoryItem>(old.Count);
        old.CopyTo(items);
        var children = new DirectoryTree(Tables.Names, Folds && !caseSensitive, _tree.Epoch);
        foreach (var item in items)
        {
            var name = Tables.Names.Get(item.NameRef);
            if (children.Find(name) is { } other)
            {
                throw VolumeError.Refused(
                    path,
                    $"'{Tables.Names.Get(other.NameRef)}' and '{name}' in it differ in case only "
                        + "(STATUS_CASE_DIFFERING_NAMES_IN_DIR)",
                    "Rename one of them first.");
            }

            children.Add(name, item);
        }

        ref var directory = ref _tree.Edit(index);
        directory.Extra = directory.Extra! with { Children = children };
        directory.Flags = (byte)(caseSensitive
            ? directory.Flags | FileRecord.CaseSensitive
            : directory.Flags & ~FileRecord.CaseSensitive);
        TouchMetadata(index, UsnReason.BasicInfoChange);
    }
}
