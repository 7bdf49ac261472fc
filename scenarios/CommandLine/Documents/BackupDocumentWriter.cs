using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Harness.Engine.Backup;

namespace Harness.Scenarios.CommandLine.Documents;

/// <summary>
/// Writes the document of a backup by hand, to the letter as the serializer would: what that has to learn of its types costs a
/// run that finds nothing changed a tenth of its time. A dry run, of which nobody expects that, is left to the serializer.
/// </summary>
internal static class BackupDocumentWriter
{
    private static readonly JsonWriterOptions Readable = new() { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>By the number of the level.</summary>
    private static readonly string[] ConsistencyWords = ["crash", "file-system", "application"];

    /// <summary>By the number of the level.</summary>
    private static readonly string[] AlertWords = ["none", "warning", "undecided"];

    /// <summary>Writes the document and a line end.</summary>
    public static void Write(TextWriter output, BackupDocument document)
    {
        if (document.Planned is not null)
        {
            DocumentContext.Write(output, document, context => context.BackupDocument);
            return;
        }

        var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes, Readable))
        {
            Write(json, document);
        }

        output.WriteLine(Encoding.UTF8.GetString(bytes.GetBuffer(), 0, (int)bytes.Length));
    }

    private static void Write(Utf8JsonWriter json, BackupDocument document)
    {
        json.WriteStartObject();
        if (document.RecoveryPoint is { } point)
        {
            json.WriteNumber("recoveryPoint", point);
        }
        else
        {
            json.WriteNull("recoveryPoint");
        }

        json.WriteString("mode", document.Mode == BackupMode.Full ? "full" : "incremental");
        WriteNotes(json, "fallbacks", document.Fallbacks);
        json.WriteStartObject("protected");
        json.WriteNumber("files", document.Protected.Files);
        json.WriteNumber("logicalBytes", document.Protected.LogicalBytes);
        json.WriteNumber("allocatedBytes", document.Protected.AllocatedBytes);
        json.WriteNumber("directories", document.Protected.Directories);
        json.WriteEndObject();
        json.WriteNull("planned");
        json.WriteNumber("changedBytes", document.ChangedBytes);
        json.WriteNumber("readBytes", document.ReadBytes);
        json.WriteNumber("sentBytes", document.SentBytes);
        json.WriteNumber("storedBytes", document.StoredBytes);
        json.WriteNumber("requests", document.Requests);
        json.WriteNumber("scratchPeakBytes", document.ScratchPeakBytes);
        WriteList(json, "phases", document.Phases, static (json, phase) =>
        {
            json.WriteString("name", phase.Name);
            json.WriteNumber("milliseconds", phase.Milliseconds);
        });
        WriteNotes(json, "warnings", document.Warnings);
        WriteList(json, "skipped", document.Skipped, static (json, item) =>
        {
            json.WriteString("path", item.Path);
            json.WriteString("reason", item.Reason);
            json.WriteString("clause", item.Clause);
            json.WriteString("status", item.Status);
        });
        WriteList(json, "failed", document.Failed, static (json, item) =>
        {
            json.WriteString("path", item.Path);
            json.WriteString("reason", item.Reason);
            json.WriteString("message", item.Message);
            json.WriteString("clause", item.Clause);
            WritePublished(json, item.Published);
        });
        json.WriteStartArray("fullOnly");
        foreach (var path in document.FullOnly)
        {
            json.WriteStringValue(path);
        }

        json.WriteEndArray();
        json.WriteString("sourceName", document.SourceName);
        json.WriteString("profile", document.Profile);
        json.WriteString("consistency", ConsistencyWords[(int)document.Consistency]);
        json.WriteString("alert", AlertWords[(int)document.Alert]);
        json.WriteEndObject();
    }

    private static void WriteNotes(Utf8JsonWriter json, string name, IReadOnlyList<ReportNote> notes) =>
        WriteList(json, name, notes, static (json, note) =>
        {
            json.WriteString("code", note.Code);
            json.WriteString("message", note.Message);
            json.WriteString("clause", note.Clause);
            WritePublished(json, note.Published);
        });

    private static void WritePublished(Utf8JsonWriter json, string? code)
    {
        if (code is not null)
        {
            json.WriteString("published", code);
        }
    }

    private static void WriteList<T>(Utf8JsonWriter json, string name, IReadOnlyList<T> items, Action<Utf8JsonWriter, T> write)
        where T : class
    {
        json.WriteStartArray(name);
        foreach (var item in items)
        {
            json.WriteStartObject();
            write(json, item);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}
