using Harness.Engine.Errors;
using Harness.Engine.Model;
using Harness.Simulator.Content;
using Harness.Simulator.Volume;

namespace Harness.Tests.Engine.Swarm;

/// <summary>Makes random edits of a small volume, all from one seed. What the volume refuses is simply not done.</summary>
internal sealed class SwarmEditor(SimVolume volume, Random random)
{
    private static readonly long[] Sizes = [0, 1, 511, 4095, 4096, 4097, 9000, 40_000, 65_536, 150_000];
    private static readonly string[] Names = ["a", "B", "report.txt", "Ünïcode", "x.vhd", "notes", "data.bin", "last", "q", "z.z"];
    private static readonly string[] StreamNames = ["s1", "Zone.Identifier", "meta"];

    private readonly List<string> _log = [];
    private bool _hasLarge;

    /// <summary>What was done, for the message of a failing seed.</summary>
    public string Log => string.Join('\n', _log);

    /// <summary>Makes some edits.</summary>
    public void Edit(int count)
    {
        for (var i = 0; i < count; i++)
        {
            var (what, edit) = Draw();
            try
            {
                edit();
                _log.Add(what);
            }
            catch (BackupException error) when (error.Code is ErrorCode.VolumeOperationInvalid or ErrorCode.VolumeFull)
            {
                // A rule of the file system: such an edit cannot happen.
            }
        }

        _log.Add("--- backup");
    }

    private (string What, Action Edit) Draw()
    {
        var path = AnyEntry();
        var target = AnyStream(path);
        var place = NewPath();
        var size = Size();
        var seed = (ulong)random.Next(40);
        var offset = Offset(target);
        var choice = random.Next(37);
        return choice switch
        {
            <= 3 => ($"create {place} {size} {seed}", () => volume.CreateFile(place, size, Profile(), seed)),
            4 => ($"folder {place}", () => volume.CreateDirectory(place)),
            <= 7 => ($"write {target} {offset} +{size % 20_000 + 1} {seed}",
                () => volume.WriteGenerated(target, offset, (size % 20_000) + 1, seed)),
            8 => ($"page {target} {offset & ~4095L} {seed}", () => volume.WriteGenerated(target, offset & ~4095L, 4096, seed)),
            9 => ($"append {target} {size % 9000 + 1}", () => volume.AppendGenerated(target, (size % 9000) + 1, seed)),
            10 => ($"insert {target} {offset} {size % 5000 + 1}", () => volume.InsertGenerated(target, offset, (size % 5000) + 1, seed)),
            11 => ($"truncate {target} {offset}", () => volume.SetEndOfFile(target, offset)),
            12 => ($"extend {target} +{size}", () => volume.SetEndOfFile(target, Length(target) + size)),
            13 => ($"zero {target} {offset} {size + 1}", () => volume.ZeroRange(target, offset, size + 1)),
            14 => ($"punch {target}", () =>
            {
                volume.SetSparse(target);
                volume.ZeroRange(target, offset & ~65535L, 65_536);
            }
            ),
            <= 16 => ($"rename {path} {place}", () => volume.Rename(path, place)),
            17 => ($"recase {path}", () => volume.Rename(path, Recased(path))),
            18 => ($"delete {path}", () => volume.DeleteTree(path)),
            19 => ($"recreate {path} {size} {seed}", () =>
            {
                volume.DeleteTree(path);
                volume.CreateFile(path, size, Profile(), seed);
            }
            ),
            20 => ($"sparse {target}", () => volume.SetSparse(target, random.Next(3) > 0)),
            21 => ($"compress {target}", () => volume.SetCompression(target, random.Next(3) > 0)),
            22 => ($"encrypt {path}", () => volume.Encrypt(path)),
            23 => ($"decrypt {path}", () => volume.Decrypt(path)),
            24 => Force(path),
            25 => ($"stream {path}", () => CreateStream(path, size, seed)),
            26 => ($"delete stream {target}", () => DeleteStream(target)),
            27 => ($"link {place} {path}", () => volume.CreateHardLink(place, path)),
            28 => ($"reparse {path}", () => volume.SetReparsePoint(path, 0x80000013, new byte[] { 1, 2, 3 })),
            29 => ($"no reparse {path}", () => volume.DeleteReparsePoint(path)),
            30 => ($"attributes {path}", () => volume.SetAttributes(path, (FileAttributes)(random.Next(8) | 0x20))),
            31 => ($"security {path}", () => volume.SetSecurity(
                path, new EntrySecurity(SecurityKind.Windows, new[] { (byte)random.Next(256), (byte)1 }))),
            32 => ($"times {path}", () => volume.SetTimes(
                path, new EntryTimes(null, new Timestamp(random.Next(), random.Next(1_000_000) * 100), null, null))),
            33 => Large(place),
            <= 35 => ($"insert into the largest {offset} {size % 5000 + 1}", () => InsertIntoLargest((size % 5000) + 1, seed)),
            _ => ($"cut from the largest {size % 9000 + 1}", () => CutFromLargest((size % 9000) + 1)),
        };
    }

    /// <summary>At most one file of more than a range, so that ranges are tried and a volume stays small.</summary>
    private (string What, Action Edit) Large(string place)
    {
        if (_hasLarge)
        {
            return ("touch", () => volume.Touch(AnyEntry()));
        }

        _hasLarge = true;
        return ($"large {place}", () => volume.CreateFile(place, (1 << 20) + 5001, seed: 99));
    }

    private void InsertIntoLargest(long length, ulong seed)
    {
        if (Largest() is { } file)
        {
            volume.InsertGenerated(file.Path, random.NextInt64(file.Streams[0].SizeBytes), length, seed);
        }
    }

    /// <summary>What a program does that deletes in the middle: it writes the rest anew and cuts the end off.</summary>
    private void CutFromLargest(long length)
    {
        if (Largest() is not { } file)
        {
            return;
        }

        var offset = random.NextInt64(file.Streams[0].SizeBytes);
        length = Math.Min(length, file.Streams[0].SizeBytes - offset);
        var rest = new byte[file.Streams[0].SizeBytes - offset - length];
        volume.Read(file.Path, offset + length, rest);
        volume.Write(file.Path, offset, rest);
        volume.SetEndOfFile(file.Path, offset + rest.Length);
    }

    private VolumeEntry? Largest() => volume.Walk()
        .Where(entry => !entry.IsDirectory && entry.ReparseTag is null && entry.Streams[0].SizeBytes > 0
            && !entry.Streams[0].Flags.HasFlag(StreamFlags.Encrypted))
        .MaxBy(entry => entry.Streams[0].SizeBytes);

    /// <summary>Forces flags that NTFS refuses, but leaves no $EFS attribute on a file without an encrypted stream.</summary>
    private (string What, Action Edit) Force(string path)
    {
        var flags = (StreamFlags)random.Next(8);
        return ($"force {path} {flags}", () =>
        {
            volume.Decrypt(path);
            volume.ForceState(path, flags);
        }
        );
    }

    /// <summary>Streams of encrypted folders are left out: the simulated volume has no key for them.</summary>
    private void CreateStream(string path, long size, ulong seed)
    {
        if (volume.Get(path) is not { IsDirectory: true } folder || !folder.Attributes.HasFlag(FileAttributes.Encrypted))
        {
            volume.CreateStream($"{path}:{Pick(StreamNames)}", size, Profile(), seed);
        }
    }

    private void DeleteStream(string target)
    {
        if (target.Contains(':'))
        {
            volume.Delete(target);
        }
    }

    private ContentProfile? Profile() => random.Next(3) == 0 ? ContentProfile.Text : null;

    private long Size() => Pick(Sizes);

    private T Pick<T>(IReadOnlyList<T> items) => items[random.Next(items.Count)];

    private string AnyEntry()
    {
        var entries = volume.Walk().Select(entry => entry.Path).Where(path => path.Length > 0).ToList();
        return entries.Count == 0 ? "" : Pick(entries);
    }

    private string AnyStream(string path)
    {
        var streams = path.Length == 0 ? [] : volume.Get(path).Streams;
        var name = streams.Count == 0 ? "" : Pick(streams).Name;
        return name.Length == 0 ? path : $"{path}:{name}";
    }

    private string NewPath()
    {
        var folders = volume.Walk().Where(entry => entry.IsDirectory && entry.ReparseTag is null).Select(entry => entry.Path).ToList();
        var folder = Pick(folders);
        var name = Pick(Names);
        return folder.Length == 0 ? name : $"{folder}/{name}";
    }

    private long Length(string target)
    {
        var colon = target.IndexOf(':');
        var (path, stream) = colon < 0 ? (target, "") : (target[..colon], target[(colon + 1)..]);
        return path.Length == 0 ? 0 : volume.Get(path).Streams.FirstOrDefault(s => s.Name == stream)?.SizeBytes ?? 0;
    }

    private long Offset(string target)
    {
        var length = Length(target);
        return random.Next(3) switch
        {
            0 => random.NextInt64(length + 1),
            1 => random.NextInt64(length + 1) & ~4095L,
            _ => length,
        };
    }

    private static string Recased(string path)
    {
        var slash = path.LastIndexOf('/') + 1;
        var name = path[slash..];
        var other = name.ToUpperInvariant() == name ? name.ToLowerInvariant() : name.ToUpperInvariant();
        return path[..slash] + other;
    }
}
