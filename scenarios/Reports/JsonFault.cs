using System.Text.Json;

namespace Harness.Scenarios.Reports;

/// <summary>What a JSON reader complains of, without the place that the caller names in its own way.</summary>
internal static class JsonFault
{
    /// <summary>The complaint alone.</summary>
    public static string Text(JsonException error)
    {
        var message = error.Message;
        foreach (var mark in new[] { " Path: ", " LineNumber: " })
        {
            var at = message.IndexOf(mark, StringComparison.Ordinal);
            message = at < 0 ? message : message[..at];
        }

        return message;
    }
}
