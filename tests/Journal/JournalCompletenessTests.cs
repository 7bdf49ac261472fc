using Harness.Simulator.Journal;
using Harness.Simulator.Kernel;
using Harness.Simulator.Volume;
using Harness.Tests.Engine.Swarm;
using NUnit.Framework;

namespace Harness.Tests.Journal;

/// <summary>Whatever differs between two snapshots has a record in the change journal: a backup may go by it.</summary>
public sealed class JournalCompletenessTests
{
    private const UsnReason Lists = UsnReason.FileCreate | UsnReason.FileDelete | UsnReason.RenameOldName | UsnReason.RenameNewName
        | UsnReason.HardLinkChange;

    [Test]
    public void Journal_AfterRandomEdits_TellsOfEveryDifference([Range(1, 200)] int seed)
    {
        var volume = new SimVolume(new VolumeSettings { Label = "data", Seed = (ulong)seed }, new SimClock());
        var editor = new SwarmEditor(volume, new Random(seed));
        editor.Edit(20);
        var journal = volume.Journal.Create();
        for (var round = 0; round < 5; round++)
        {
            var before = volume.TakeSnapshot();
            editor.Edit(8);
            var after = volume.TakeSnapshot();
            var told = new HashSet<FileReference>();
            foreach (var record in after.Journal!.ReadToEnd(new JournalQuery
            {
                JournalId = after.Journal.Query().JournalId,
                StartUsn = before.Journal!.Query().NextUsn,
            }))
            {
                told.Add(record.File);
                if ((record.Reason & Lists) != UsnReason.None)
                {
                    told.Add(record.Parent);
                }
            }

            var untold = before.DiffTo(after).Changes.Where(change => !told.Contains(change.Reference));
            Assert.That(untold, Is.Empty, $"seed {seed}, round {round}, journal {journal}\n{editor.Log}");
        }
    }
}
