using Harness.Engine.Backup;
using Harness.Engine.Format;
using Harness.Engine.State;

namespace Harness.Engine.Matching;

/// <summary>
/// Looks for the long dirty runs of a stream in its previous version, at any byte offset: bytes that were inserted or deleted
/// shift all that follows. A shift once found is tried first; only where it fails is searched again. Runs come in ascending
/// order. Logical thread only, but for the computing.
/// </summary>
internal sealed class StreamMatcher(BackupContext context, StreamBackup stream)
{
    /// <summary>A run as long as this is looked for, wherever it lies.</summary>
    private const int LongRunPages = 16;

    /// <summary>A run that goes on into the next range, or to the end of the stream, is looked for when it is as long as this.</summary>
    private const int OpenRunPages = 2;

    /// <summary>A stretch that a shift does not explain is searched when it is as long as this.</summary>
    private const int SearchedBytes = 2 * FormatLimits.PageBytes;

    /// <summary>From this length on, a search in vain is repeated at once in a wider neighbourhood.</summary>
    private const int WidenedBytes = 256 << 10;

    /// <summary>After so much in vain only one range in sixteen is searched: content that is all new costs little more.</summary>
    private const long VainBytes = 64L << 20;
    private const int SampledRanges = 16;

    private readonly PreviousVersion _old = new(context, stream);
    private readonly DirtyRun _run = new(context.Repository.Keys);
    private readonly List<Match> _found = [];
    private readonly Stack<(int From, int To, bool IsFollowed)> _open = new();
    private readonly List<(int From, int To)> _gaps = [];
    private NearbyPages? _nearby;
    private long? _shift;
    private long _chainStart = -1;
    private long _chainEnd = -1;
    private long _vainBytes;
    private long _explainedTo;
    private int _stage;

    /// <summary>The last match, when it reaches into the next range.</summary>
    private Match _carried;

    public StreamBackup Stream => stream;

    public PreviousVersion Old => _old;

    /// <summary>Whether a stream has a previous version that can be matched.</summary>
    public static bool CanMatch(StreamBackup stream) =>
        !stream.IsFullOnly && stream.Previous is { } before && before.ContentBytes > FormatLimits.PageBytes;

    /// <summary>What of the changed pages of a range the previous version has; ascending, within the range.</summary>
    /// <param name="work">The range.</param>
    /// <param name="changed">Which of its pages changed.</param>
    /// <param name="next">The range under way after it, or null.</param>
    /// <param name="cancellationToken">Ends it between two steps.</param>
    public async ValueTask<IReadOnlyList<Match>> MatchAsync(
        RangeWork work, bool[] changed, RangeWork? next, CancellationToken cancellationToken)
    {
        var all = new List<Match>();
        var page = 0;
        while (NextRun(work, changed, ref page) is { } run)
        {
            var start = work.Start + (run.First * (long)FormatLimits.PageBytes);
            var end = Math.Min(work.Start + work.LengthBytes, work.Start + (run.End * (long)FormatLimits.PageBytes));
            Chain(start, end);
            if (!IsWorthIt(work, run.First, run.End))
            {
                continue;
            }

            // Of the range after it only the first page is wanted, which may still be on its way.
            var goesOn = run.End == work.Pages && next is not null && next.Stream == stream && next.Start == end && next.Read[0]
                && (next.Source is null || await next.IsReadAsync());
            _run.Begin(
                start,
                work.Buffer.AsSpan((int)(start - work.Start), (int)(end - start)),
                goesOn ? next!.Buffer.AsSpan(0, Math.Min(next.LengthBytes, FormatLimits.PageBytes)) : []);
            await MatchRunAsync(work, cancellationToken);
            Take(all, end);
        }

        return all;
    }

    /// <summary>The next stretch of pages that were read and are changed or zeros, from a changed one to a changed one.</summary>
    private static (int First, int End)? NextRun(RangeWork work, bool[] changed, ref int page)
    {
        while (page < work.Pages && !changed[page])
        {
            page++;
        }

        if (page == work.Pages)
        {
            return null;
        }

        var (first, end) = (page, page);
        for (; page < work.Pages && work.Read[page] && (changed[page] || PageHasher.IsZero(work.Fingerprints, page)); page++)
        {
            end = changed[page] ? page + 1 : end;
        }

        return (first, end);
    }

    /// <summary>Notes whether a run goes on where the last one ended.</summary>
    private void Chain(long start, long end)
    {
        if (start != _chainEnd)
        {
            (_chainStart, _stage) = (start, 0);
            _carried = default;
        }

        _chainEnd = end;
    }

    private bool IsWorthIt(RangeWork work, int first, int end)
    {
        if (_carried.Length > 0)
        {
            return true;
        }

        // What begins at the old end was appended: nothing is shifted by it.
        var isAppended = _chainStart >= _old.WholePages * FormatLimits.PageBytes;
        var isSampledOut = _vainBytes > VainBytes && work.Start / FormatLimits.RangeBytes % SampledRanges != 0;
        return !isAppended && !isSampledOut
            && (end - first >= LongRunPages || (end == work.Pages && end - first >= OpenRunPages));
    }

    private async ValueTask MatchRunAsync(RangeWork work, CancellationToken cancellationToken)
    {
        _found.Clear();
        _open.Clear();
        var from = 0;
        if (_carried.Length > 0)
        {
            _found.Add(_carried);
            from = (int)Math.Min(_carried.Length, _run.Length);
            _carried = default;
        }

        _open.Push((from, _run.Length, IsFollowed: false));
        while (_open.TryPop(out var stretch))
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (!stretch.IsFollowed && _shift is { } shift)
            {
                await FollowAsync(stretch.From, stretch.To, shift, cancellationToken);
            }
            else if (stretch.To - stretch.From >= SearchedBytes)
            {
                await SearchAsync(stretch.From, stretch.To, cancellationToken);
            }
        }
    }

    private async ValueTask FollowAsync(int from, int to, long shift, CancellationToken cancellationToken)
    {
        var first = Math.Max(0, (_run.Start + from - shift) / FormatLimits.RangeBytes);
        var last = Math.Max(first, (_run.Start + to + FormatLimits.PageBytes - shift) / FormatLimits.RangeBytes);
        var ranges = new List<RangePages?>();
        for (var range = first; range <= last; range++)
        {
            ranges.Add(await _old.PagesAsync(range, cancellationToken));
        }

        _gaps.Clear();
        await context.Services.Work.RunAsync(
            static state =>
            {
                state.Run.Follow(state.From, state.To, state.Shift, state.Known, state.Found, state.Gaps);
                return true;
            },
            (Run: _run, From: from, To: to, Shift: shift, Known: new KnownPages(first, ranges, _old.WholePages), Found: _found, Gaps: _gaps));
        for (var i = _gaps.Count - 1; i >= 0; i--)
        {
            _open.Push((_gaps[i].From, _gaps[i].To, IsFollowed: true));
        }
    }

    private async ValueTask SearchAsync(int from, int to, CancellationToken cancellationToken)
    {
        _nearby ??= new NearbyPages(_old);
        var likely = _shift ?? 0;
        while (true)
        {
            await _nearby.MoveAsync(_run.Start + from - likely, _stage, cancellationToken);
            var match = await context.Services.Work.RunAsync(
                static state => state.Run.Search(state.From, state.To, state.Index, state.Likely),
                (Run: _run, From: from, To: to, _nearby.Index, Likely: likely));
            if (match is { } found)
            {
                _found.Add(found);
                _shift = found.Offset - found.OldOffset;
                _vainBytes = 0;
                _open.Push(((int)Math.Min(_run.Length, found.End - _run.Start), to, IsFollowed: false));
                var before = (int)(found.Offset - _run.Start);
                if (before - from >= WidenedBytes && _stage < NearbyPages.LastStage && !_nearby.IsWhole)
                {
                    // What lies before it may have come from farther away.
                    _stage++;
                    _open.Push((from, before, IsFollowed: true));
                }

                return;
            }

            var unexplained = from > 0 ? to - from : _run.Start + to - Math.Max(_chainStart, _explainedTo);
            if (_stage == NearbyPages.LastStage || _nearby.IsWhole || unexplained < WidenedBytes)
            {
                _vainBytes += to - from;
                return;
            }

            _stage++;
        }
    }

    /// <summary>Joins what was found and adds it, cut where the run ends; what reaches beyond is for the next one.</summary>
    private void Take(List<Match> all, long end)
    {
        _found.Sort(static (a, b) => a.Offset.CompareTo(b.Offset));
        foreach (var match in _found)
        {
            var within = match.Until(end);
            _explainedTo = match.End;
            if (match.End > end)
            {
                _carried = match.From(end);
            }

            if (all.Count > 0 && Continues(all[^1], within))
            {
                all[^1] = all[^1] with { Length = all[^1].Length + within.Length };
            }
            else
            {
                all.Add(within);
            }
        }
    }

    /// <summary>Whether a match goes on where another ends, in the same region of the previous version.</summary>
    private static bool Continues(Match match, Match next) =>
        match.End == next.Offset && match.OldOffset + match.Length == next.OldOffset
        && match.OldOffset / FormatLimits.RegionBytes == next.OldOffset / FormatLimits.RegionBytes;
}
