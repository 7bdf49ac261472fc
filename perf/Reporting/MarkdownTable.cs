using System.Text;

namespace Harness.Perf.Reporting;

/// <summary>A table that reads well both as text and as Markdown: columns padded, all but the first to the right.</summary>
internal sealed class MarkdownTable(params string[] head)
{
    private readonly List<string[]> _rows = [];

    public void Add(params string[] cells) => _rows.Add(cells);

    public override string ToString()
    {
        var widths = head.Select((cell, i) => _rows.Select(row => row[i].Length).Append(cell.Length).Max()).ToArray();
        var text = new StringBuilder();
        Line(head);
        text.Append('|');
        for (var i = 0; i < widths.Length; i++)
        {
            text.Append(i == 0 ? new string('-', widths[i] + 2) : new string('-', widths[i] + 1) + ":").Append('|');
        }

        text.Append('\n');
        _rows.ForEach(Line);
        return text.ToString();

        void Line(string[] cells)
        {
            text.Append('|');
            for (var i = 0; i < cells.Length; i++)
            {
                text.Append(' ').Append(i == 0 ? cells[i].PadRight(widths[i]) : cells[i].PadLeft(widths[i])).Append(" |");
            }

            text.Append('\n');
        }
    }
}
