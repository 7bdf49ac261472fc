using Harness.Engine.Backup;
using Harness.Simulator.Processes;

namespace Harness.Scenarios.Searches;

/// <summary>Tells from the calls and the report of an engine what it did, so that a search can say what it has covered. One thread.</summary>
/// <param name="count">Told of each event.</param>
internal sealed class ProcessEvents(Action<string> count)
{
    private const string Sessions = "sessions/";
    private const string Indexes = "index/";

    private readonly HashSet<SimProcess> _backups = [];
    private readonly HashSet<(SimProcess Process, string Session)> _own = [];

    /// <summary>A process that runs a backup: it takes sessions over and merges indexes, where others only clear away.</summary>
    public void NoteBackup(SimProcess process) => _backups.Add(process);

    /// <summary>Takes an operation of a process, after its effect.</summary>
    public void Note(SimProcess process, string operation, string key)
    {
        if (operation == "vault.create" && key.StartsWith(Sessions, StringComparison.Ordinal))
        {
            _own.Add((process, key));
        }
        else if (operation == "vault.delete" && _backups.Contains(process))
        {
            if (key.StartsWith(Indexes, StringComparison.Ordinal))
            {
                count("index merged");
            }
            else if (key.StartsWith(Sessions, StringComparison.Ordinal) && !_own.Contains((process, key)))
            {
                count("session taken over");
            }
        }
    }

    /// <summary>Takes the report of a backup: ways that were not open, warnings, files that could not be read.</summary>
    public void Note(BackupReport report)
    {
        foreach (var note in report.Fallbacks)
        {
            count($"fallback {note.Code}");
        }

        foreach (var note in report.Warnings)
        {
            count($"warning {note.Code}");
        }

        if (report.Failed.Count > 0)
        {
            count("backup failed files");
        }
    }
}
