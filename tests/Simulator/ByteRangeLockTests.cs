using Harness.Simulator.Kernel;
using Harness.Simulator.Volume;
using NUnit.Framework;

namespace Harness.Tests.Simulator;

/// <summary>Byte-range locks: MS-FSA 2.1.4.10, 2.1.5.8, 2.1.5.9 and "LockFileEx function".</summary>
[TestFixture]
internal sealed class ByteRangeLockTests
{
    private const FileShare All = FileShare.ReadWrite | FileShare.Delete;

    private SimVolume _volume = null!;
    private VolumeHandle _mine = null!;
    private VolumeHandle _other = null!;

    [SetUp]
    public void OpenTwice()
    {
        _volume = new SimVolume(new VolumeSettings(), new SimClock());
        _volume.CreateFile("f", 100);
        _mine = _volume.Open("f", FileAccess.ReadWrite, All);
        _other = _volume.Open("f", FileAccess.ReadWrite, All);
    }

    [TearDown]
    public void CloseBoth()
    {
        _mine.Dispose();
        _other.Dispose();
    }

    [Test]
    public void Exclusive_KeepsOthersOut_FromItsBytesAlone()
    {
        _mine.Lock(10, 10);

        _mine.Write(10, [1]);
        Assert.That(_mine.Read(10, new byte[10]), Is.EqualTo(10));
        Refuses(NtStatus.FileLockConflict, () => _other.Read(19, new byte[1]));
        Refuses(NtStatus.FileLockConflict, () => _other.Write(0, new byte[11]));
        Refuses(NtStatus.FileLockConflict, () => _volume.Write("f", 15, [1]));
        Refuses(NtStatus.FileLockConflict, () => _volume.ZeroRange("f", 0, 50));
        Assert.That(_other.Read(20, new byte[10]), Is.EqualTo(10));
        _other.Write(0, new byte[10]);
        _volume.Write("f", 20, [1]);
    }

    [Test]
    public void Shared_LetsAllReadAndNobodyWrite()
    {
        _mine.Lock(0, 10, exclusive: false);
        _other.Lock(5, 10, exclusive: false);

        Assert.That(_other.Read(0, new byte[10]), Is.EqualTo(10));
        Refuses(NtStatus.FileLockConflict, () => _other.Write(0, [1]));
        Refuses(NtStatus.FileLockConflict, () => _mine.Write(0, [1]));
        Refuses(NtStatus.LockNotGranted, () => _mine.Lock(9, 1));
    }

    [TestCase(true, true, true, false)]
    [TestCase(true, false, true, true)]
    [TestCase(false, true, true, false)]
    [TestCase(false, false, true, true)]
    [TestCase(true, true, false, false)]
    [TestCase(true, false, false, false)]
    [TestCase(false, true, false, false)]
    [TestCase(false, false, false, true)]
    public void Lock_Overlapping_IsGrantedAsWindowsDoes(bool first, bool second, bool sameHandle, bool granted)
    {
        _mine.Lock(0, 10, first);
        var handle = sameHandle ? _mine : _other;

        if (granted)
        {
            handle.Lock(9, 10, second);
        }
        else
        {
            Refuses(NtStatus.LockNotGranted, () => handle.Lock(9, 10, second));
        }
    }

    [Test]
    public void Unlock_WantsTheSameRangeAndHandle_AndTakesTheExclusiveFirst()
    {
        _mine.Lock(0, 10);
        _mine.Lock(0, 10, exclusive: false);

        Refuses(NtStatus.RangeNotLocked, () => _other.Unlock(0, 10));
        Refuses(NtStatus.RangeNotLocked, () => _mine.Unlock(0, 5));
        Refuses(NtStatus.FileLockConflict, () => _other.Read(0, new byte[1]));
        _mine.Unlock(0, 10);
        Assert.That(_other.Read(0, new byte[1]), Is.EqualTo(1));
        Refuses(NtStatus.FileLockConflict, () => _other.Write(0, [1]));
        _mine.Unlock(0, 10);
        _other.Write(0, [1]);
        Refuses(NtStatus.RangeNotLocked, () => _mine.Unlock(0, 10));
    }

    [Test]
    public void Close_Unlocks()
    {
        _mine.Lock(0, 10);
        _mine.Dispose();

        _other.Lock(0, 10);
    }

    [Test]
    public void Lock_WholeRangeOf64Bits_IsGranted_AndBeyondIsInvalid()
    {
        _mine.Lock(0, ulong.MaxValue);
        Refuses(NtStatus.LockNotGranted, () => _other.Lock(ulong.MaxValue - 1, 1));
        _mine.Unlock(0, ulong.MaxValue);
        _mine.Lock(ulong.MaxValue, 1);
        _other.Lock(long.MaxValue, 1);

        Refuses(NtStatus.InvalidLockRange, () => _other.Lock(ulong.MaxValue, 2));
        Refuses(NtStatus.InvalidLockRange, () => _other.Unlock(2, ulong.MaxValue));
        Refuses(NtStatus.LockNotGranted, () => _other.Lock(ulong.MaxValue, 1));
    }

    [Test]
    public void Lock_Empty_ConflictsOnlyWithWhatSpansIt()
    {
        _mine.Lock(10, 0);
        _mine.Lock(0, 0);

        _other.Lock(10, 5, exclusive: false);
        _other.Lock(5, 5);
        _other.Lock(0, 0);
        Refuses(NtStatus.LockNotGranted, () => _other.Lock(9, 2));
        Refuses(NtStatus.FileLockConflict, () => _volume.Write("f", 9, [1, 2]));
    }

    [Test]
    public void Lock_OtherStreamOrDirectory_IsApart()
    {
        _volume.CreateStream("f:s", 10);
        _volume.CreateDirectory("d");
        using var stream = _volume.Open("f:s", FileAccess.ReadWrite, All);
        using var directory = _volume.Open("d", FileAccess.Read, All);
        _mine.Lock(0, 100);

        stream.Lock(0, 100);
        stream.Write(0, [1]);
        Refuses(NtStatus.InvalidParameter, () => directory.Lock(0, 1));
    }

    [Test]
    public void Locks_RandomSequence_AgreeWithANaiveTable()
    {
        const int Seed = 20180101;
        var random = new Random(Seed);
        var held = new List<(VolumeHandle Owner, int From, int Length, bool Exclusive)>();
        for (var i = 0; i < 5000; i++)
        {
            var handle = random.Next(2) == 0 ? _mine : _other;
            var (from, length, exclusive) = (random.Next(1, 20), random.Next(1, 8), random.Next(2) == 0);
            if (random.Next(2) == 0 && held.Count > 0)
            {
                var one = held[random.Next(held.Count)];
                one.Owner.Unlock((ulong)one.From, (ulong)one.Length);
                held.Remove(held.Where(h => h.Owner == one.Owner && h.From == one.From && h.Length == one.Length)
                    .OrderByDescending(h => h.Exclusive).First());
            }

            var bytes = Enumerable.Range(from, length).ToHashSet();
            var overlapping = held.Where(h => Enumerable.Range(h.From, h.Length).Any(bytes.Contains)).ToList();
            var granted = !overlapping.Exists(h => exclusive || (h.Exclusive && h.Owner != handle));
            Assert.That(Succeeds(() => handle.Lock((ulong)from, (ulong)length, exclusive)), Is.EqualTo(granted), $"seed {Seed}, step {i}");
            if (granted)
            {
                held.Add((handle, from, length, exclusive));
                overlapping.Add(held[^1]);
            }

            var reads = !overlapping.Exists(h => h.Exclusive && h.Owner != handle);
            var writes = reads && !overlapping.Exists(h => !h.Exclusive);
            Assert.That(Succeeds(() => handle.Read(from, new byte[length])), Is.EqualTo(reads), $"seed {Seed}, step {i}");
            Assert.That(Succeeds(() => handle.Write(from, new byte[length])), Is.EqualTo(writes), $"seed {Seed}, step {i}");
        }
    }

    private static bool Succeeds(Action operation)
    {
        try
        {
            operation();
            return true;
        }
        catch (VolumeStatusException)
        {
            return false;
        }
    }

    private static void Refuses(NtStatus status, Action operation) =>
        Assert.That(Assert.Throws<VolumeStatusException>(() => operation())!.Status, Is.EqualTo(status));
}
