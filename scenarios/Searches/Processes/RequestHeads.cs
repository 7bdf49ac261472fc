using System.Globalization;
using System.Text;

namespace Harness.Scenarios.Searches.Processes;

/// <summary>Finds where requests begin in the bytes of one HTTP/1.1 connection: heads, and bodies of the length that they announce.</summary>
internal sealed class RequestHeads
{
    private const string LengthField = "content-length:";

    private readonly StringBuilder _line = new();
    private long _bodyLeft;
    private long _announced;
    private bool _isWithin;

    /// <summary>Takes the next bytes; how many heads end in them.</summary>
    public int Count(ReadOnlyMemory<byte> bytes)
    {
        var ended = 0;
        for (var at = 0; at < bytes.Length;)
        {
            if (_bodyLeft > 0)
            {
                var skipped = (int)Math.Min(_bodyLeft, bytes.Length - at);
                _bodyLeft -= skipped;
                at += skipped;
            }
            else
            {
                ended += Take((char)bytes.Span[at++]) ? 1 : 0;
            }
        }

        return ended;
    }

    /// <summary>Whether a head ends with this letter.</summary>
    private bool Take(char letter)
    {
        if (letter != '\n')
        {
            _line.Append(letter);
            return false;
        }

        var line = _line.ToString().TrimEnd('\r');
        _line.Clear();
        if (line.Length > 0)
        {
            _isWithin = true;
            _announced = line.StartsWith(LengthField, StringComparison.OrdinalIgnoreCase)
                ? long.Parse(line.AsSpan(LengthField.Length), NumberStyles.AllowLeadingWhite, CultureInfo.InvariantCulture)
                : _announced;
            return false;
        }

        var isEnd = _isWithin;
        (_bodyLeft, _announced, _isWithin) = (_announced, 0, false);
        return isEnd;
    }
}
