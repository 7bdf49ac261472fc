using Harness.Engine.Model;
using Harness.Tests.Local;
using NUnit.Framework;

namespace Harness.Tests.Support;

/// <summary>Compares entries of two mounted volumes: everything that a restore can set, and every byte.</summary>
internal static class NtfsComparer
{
    /// <summary>Asserts that the restored entry, its kept streams and their bytes are those of the source.</summary>
    internal static async Task AssertSameAsync(
        SourceListing source, SourceListing restored, string path, IReadOnlySet<string>? leftOut = null)
    {
        var (expected, actual) = (source[path], restored[path]);
        var streams = expected.Streams.Where(s => leftOut?.Contains($"{path}:{s.Name}") != true).ToList();
        Assert.Multiple(() =>
        {
            Assert.That(actual.Kind, Is.EqualTo(expected.Kind), path);
            Assert.That(actual.Traits, Is.EqualTo(expected.Traits), path);
            Assert.That(actual.Attributes, Is.EqualTo(expected.Attributes), path);
            Assert.That(actual.Times.Created, Is.EqualTo(expected.Times.Created), path);
            Assert.That(actual.Times.Written, Is.EqualTo(expected.Times.Written), path);
            Assert.That(actual.Security, Is.EqualTo(expected.Security), path);
            Assert.That(actual.EncryptionInfo.Span.SequenceEqual(expected.EncryptionInfo.Span), path);
            Assert.That(
                actual.Streams.Select(s => (s.Name, s.SizeBytes, s.RawSizeBytes, s.Traits, SpaceOf(s))),
                Is.EqualTo(streams.Select(s => (s.Name, s.SizeBytes, s.RawSizeBytes, s.Traits, SpaceOf(s)))),
                path);
        });
        foreach (var stream in streams)
        {
            var (before, after) = (await source.ReadAsync(path, stream.Name), await restored.ReadAsync(path, stream.Name));
            Assert.That(after.AsSpan().SequenceEqual(before), $"{path}:{stream.Name}");
        }
    }

    /// <summary>
    /// The space of a stream; of a compressed one whether it is less than its size: the driver keeps room in what was
    /// overwritten in place.
    /// </summary>
    private static (long Bytes, bool IsSaved) SpaceOf(SourceStream stream) =>
        stream.Traits.HasFlag(EntryTraits.Compressed)
            ? (0, stream.AllocatedBytes < stream.SizeBytes)
            : (stream.AllocatedBytes, false);
}
