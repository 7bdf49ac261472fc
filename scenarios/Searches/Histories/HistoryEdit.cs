using Harness.Engine.Errors;
using Harness.Engine.Model;
using Harness.Simulator.Volume;

namespace Harness.Scenarios.Searches.Histories;

/// <summary>One edit of a short history. What the rules of NTFS refuse does not happen.</summary>
internal sealed record HistoryEdit(string Name, Action<HistoryPlace, SimVolume, string> Does)
{
    private const uint Tag = 0x80005555;

    /// <summary>All of them; each is given the place, the volume and the path of the subject.</summary>
    public static IReadOnlyList<HistoryEdit> All { get; } =
    [
        new("create", static (p, v, _) => v.CreateFile(p.In("new"), 6000, seed: p.Seed(1))),
        new("create a folder", static (p, v, _) => v.CreateDirectory(p.In("f"))),
        new("write a byte", static (_, v, s) => v.Write(s, 5000, new byte[] { 7 })),
        new("overwrite a page", static (p, v, s) => v.WriteGenerated(s, 4096, 4096, p.Seed(2))),
        new("rewrite", static (p, v, s) => v.WriteGenerated(s, 0, HistoryPlace.SubjectBytes, p.Seed(3))),
        new("insert", static (p, v, s) => v.InsertGenerated(s, 100, 33, p.Seed(4))),
        new("append", static (p, v, s) => v.AppendGenerated(s, 5000, p.Seed(5))),
        new("truncate", static (_, v, s) => v.SetEndOfFile(s, 4097)),
        new("empty", static (_, v, s) => v.SetEndOfFile(s, 0)),
        new("extend", static (_, v, s) => v.SetEndOfFile(s, 100_000)),
        new("punch a hole", static (_, v, s) => v.ZeroRange(s, 0, 8192)),
        new("rename", static (p, v, s) => v.Rename(s, p.In("renamed"))),
        new("move", static (p, v, s) => v.Rename(s, p.In("d/moved"))),
        new("replace by rename", static (p, v, s) =>
        {
            v.CreateFile(p.In("temporary"), HistoryPlace.SubjectBytes, seed: p.Seed(6));
            v.Delete(s);
            v.Rename(p.In("temporary"), s);
        }),
        new("delete", static (_, v, s) => v.Delete(s)),
        new("delete and recreate", static (p, v, s) =>
        {
            v.Delete(s);
            v.CreateFile(s, HistoryPlace.SubjectBytes, seed: p.Seed(7));
        }),
        new("swap names", static (p, v, s) =>
        {
            v.Rename(s, p.In("temporary"));
            v.Rename(p.In("n"), s);
            v.Rename(p.In("temporary"), p.In("n"));
        }),
        new("rename the folder", static (p, v, _) => v.Rename(p.Folder, p.Folder + "x")),
        new("move a folder in", static (p, v, _) => v.Rename(p.In("d"), p.In("e"))),
        new("delete a folder", static (p, v, _) => v.DeleteTree(p.In("d"))),
        new("attributes", static (_, v, s) => v.SetAttributes(s, v.Get(s).Attributes ^ FileAttributes.Hidden)),
        new("read-only", static (_, v, s) => v.SetAttributes(s, v.Get(s).Attributes ^ FileAttributes.ReadOnly)),
        new("write and set the time back", static (_, v, s) =>
        {
            var before = v.Get(s).Times;
            v.Write(s, 1, new byte[] { 9 });
            v.SetTimes(s, new EntryTimes { Written = before.Written, Accessed = before.Accessed });
        }),
        new("touch", static (_, v, s) => v.Touch(s)),
        new("security", static (_, v, s) => v.SetSecurity(s, new EntrySecurity(SecurityKind.Windows, new byte[] { 1, 2, 3 }))),
        new("add a stream", static (p, v, s) => v.CreateStream(s + ":u", 5000, seed: p.Seed(8))),
        new("write the stream", static (p, v, s) => v.WriteGenerated(s + ":t", 4096, 100, p.Seed(9))),
        new("remove the stream", static (_, v, s) => v.Delete(s + ":t")),
        new("add a name", static (p, v, s) => v.CreateHardLink(p.In("d/linked"), s)),
        new("remove a name", static (_, v, s) => v.Delete(s + "2")),
        new("compress", static (_, v, s) => v.SetCompression(s)),
        new("decompress", static (_, v, s) => v.SetCompression(s, compressed: false)),
        new("encrypt", static (_, v, s) => v.Encrypt(s)),
        new("decrypt", static (_, v, s) => v.Decrypt(s)),
        new("make sparse", static (_, v, s) => v.SetSparse(s)),
        new("make not sparse", static (_, v, s) => v.SetSparse(s, sparse: false)),
        new("make a reparse point", static (_, v, s) => v.SetReparsePoint(s, Tag, new byte[] { 5, 6 })),
        new("make no reparse point", static (_, v, s) => v.DeleteReparsePoint(s)),
    ];

    /// <summary>Makes the edit, as far as the file system lets it.</summary>
    public void Make(HistoryPlace place)
    {
        try
        {
            Does(place, place.Volume, place.Subject);
        }
        catch (BackupException error) when (error.Code is ErrorCode.VolumeOperationInvalid or ErrorCode.VolumeFull)
        {
            // As far as it went is a history too.
        }
        catch (Exception error) when (error is ArgumentOutOfRangeException or VolumeStatusException)
        {
            // A write behind the end, or to what is read-only.
        }
    }

    /// <inheritdoc/>
    public override string ToString() => Name;
}
