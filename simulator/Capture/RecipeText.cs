using System.Globalization;
using System.Text;
using Harness.Engine.Model;

namespace Harness.Simulator.Capture;

/// <summary>Writes the scalars of a recipe so that they read back as what they were.</summary>
internal static class RecipeText
{
    /// <summary>Any string as a YAML double-quoted scalar (YAML 1.2, 5.7 and 7.3.1).</summary>
    public static string Quote(string text)
    {
        var quoted = new StringBuilder(text.Length + 2).Append('"');
        for (var i = 0; i < text.Length; i++)
        {
            var unit = text[i];
            if (unit is '"' or '\\')
            {
                quoted.Append('\\').Append(unit);
            }
            else if (char.IsHighSurrogate(unit) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]))
            {
                quoted.Append(unit).Append(text[++i]);
            }
            else if (unit is (>= ' ' and <= '~') or (>= '\u00a1' and < '\u2028') or (> '\u2029' and < '\ud800')
                or (> '\udfff' and < '\ufeff') or (> '\ufeff' and < '\ufffe'))
            {
                quoted.Append(unit);
            }
            else
            {
                quoted.Append(CultureInfo.InvariantCulture, $"\\u{(int)unit:X4}");
            }
        }

        return quoted.Append('"').ToString();
    }

    /// <summary>A time to 100 ns: ISO 8601 where that reaches, else the FILETIME as a number.</summary>
    public static string Time(Timestamp time)
    {
        var back = Timestamp.From(time.ToDateTimeOffset());
        return back.ToFileTime() == time.ToFileTime()
            ? time.ToDateTimeOffset().ToString("yyyy-MM-ddTHH:mm:ss.fffffff'Z'", CultureInfo.InvariantCulture)
            : time.ToFileTime().ToString(CultureInfo.InvariantCulture);
    }
}
