using System.Text;
using Harness.Tests.Support;

namespace Harness.Tests.Ntfs;

/// <summary>One entry of every kind that ntfs-3g can make.</summary>
internal static class NtfsFixtureItems
{
    internal const long Created = 132_000_000_012_345_678;
    internal const long Written = 132_500_000_087_654_321;
    internal const long Accessed = 132_600_000_011_111_111;

    /// <summary>Owner and group Administrators, full access for Everyone.</summary>
    internal static byte[] SecurityDescriptor { get; } = Convert.FromHexString(
        "01000480" + "14000000" + "24000000" + "00000000" + "34000000"
        + "01020000000000052000000020020000"
        + "01020000000000052000000020020000"
        + "02001c0001000000" + "00001400ff011f00" + "010100000000000100000000");

    internal static byte[] Text(int bytes) =>
        Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat("the quick brown fox ", (bytes / 20) + 1))[..bytes]);

    internal static IReadOnlyList<NtfsItem> All { get; } =
    [
        new() { Path = "plain.txt", Content = Text(5000) },
        new() { Path = "small.txt", Content = Text(10) },
        new() { Path = "empty.txt" },
        new() { Path = "compressed.dir", IsDirectory = true, IsCompressed = true },
        new() { Path = "compressed.dir/compressed.txt", Content = Text(300_000), IsCompressed = true },
        new() { Path = "compressed.dir/plain-inside.txt", Content = Text(5000) },
        new() { Path = "sparse.bin", Content = Text(4096), HoleBytes = 4 << 20 },
        new() { Path = "encrypted.dat", Content = Text(1000), IsEncrypted = true },
        new() { Path = "encrypted-empty.dat", IsEncrypted = true },
        new() { Path = "encrypted-sparse.dat", Content = Text(1000), HoleBytes = 1 << 20, IsEncrypted = true },
        new() { Path = "encrypted.dir", IsDirectory = true, IsEncrypted = true },
        new() { Path = "junction", IsDirectory = true, ReparseData = ReparseBuffers.Junction(@"C:\target") },
        new() { Path = "symlink.txt", ReparseData = ReparseBuffers.SymbolicLink(@"target\f.txt") },
        new() { Path = "dedup.bin", Content = Text(100), ReparseData = ReparseBuffers.Opaque(0x80000013) },
        new() { Path = "cloud.docx", ReparseData = ReparseBuffers.Opaque(0x9000601A) },
        new() { Path = "third-party", ReparseData = ReparseBuffers.ThirdParty(0x00001234, new Guid("11111111-2222-3333-4444-555555555555")) },
        new()
        {
            Path = "streams.txt",
            Content = Text(100),
            Streams =
            [
                new NtfsStream("plain", Text(20_000)),
                new NtfsStream("small", Text(7)),
                new NtfsStream("sparse", Text(4096)) { HoleBytes = 1 << 20 },
            ],
        },
        new()
        {
            Path = "compressed.dir/streams.txt", Content = Text(100_000), IsCompressed = true,
            Streams = [new NtfsStream("packed", Text(200_000))],
        },
        new()
        {
            Path = "encrypted-streams.dat", Content = Text(700), IsEncrypted = true,
            Streams = [new NtfsStream("secret", Text(1500))],
        },
        new() { Path = "streams.dir", IsDirectory = true, Streams = [new NtfsStream("note", Text(50))] },
        new() { Path = "linked.txt", Content = Text(50) },
        new() { Path = "compressed.dir/other-name.txt", HardLinkTo = "linked.txt" },
        new() { Path = "Long File Name.document", Content = Text(50), DosName = "LONGFI~1.DOC" },
        new() { Path = "attributes.txt", Content = Text(50), Attributes = 0x27 },
        new() { Path = "hidden.dir", IsDirectory = true, Attributes = 0x2 },
        new() { Path = "hidden.dir/inside.txt", Content = Text(50) },
        new() { Path = "acl.txt", Content = Text(50), SecurityDescriptor = SecurityDescriptor },
        new() { Path = "times.txt", Content = Text(50), Times = (Created, Written, Accessed) },
    ];
}
