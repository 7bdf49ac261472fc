using Harness.Simulator.Content;

namespace Harness.Simulator.Scratch;

/// <summary>The content of one file of a scratch location, under whatever name, and how much of it is durable.</summary>
internal sealed class ScratchFile
{
    private const int PageBytes = 4096;
    private const int SectorBytes = 512;

    /// <summary>Everything that was appended.</summary>
    public MemoryStream Content { get; } = new();

    /// <summary>Bytes from the start that a flush has acknowledged.</summary>
    public long DurableBytes { get; private set; }

    /// <summary>Makes what was appended durable.</summary>
    public void Flush() => DurableBytes = Content.Length;

    /// <summary>Decides about what was not flushed.</summary>
    public void Crash(CrashLoss loss, SeededSequence choices)
    {
        if (loss == CrashLoss.Dropped)
        {
            Content.SetLength(DurableBytes);
        }
        else if (loss == CrashLoss.Torn && Content.Length > DurableBytes)
        {
            Tear(choices);
        }

        Flush();
    }

    /// <summary>A page is kept or lost whole, or sector by sector; a lost sector is zeros or garbage. The length may have reached the disk or not.</summary>
    private void Tear(SeededSequence choices)
    {
        Content.SetLength(DurableBytes + choices.Below(Content.Length - DurableBytes + 1));
        for (var at = DurableBytes; at < Content.Length;)
        {
            var end = Math.Min(((at / PageBytes) + 1) * PageBytes, Content.Length);
            switch (choices.Below(3))
            {
                case 0:
                    break;
                case 1:
                    Lose(at, end, choices);
                    break;
                default:
                    TearPage(at, end, choices);
                    break;
            }

            at = end;
        }
    }

    private void TearPage(long at, long end, SeededSequence choices)
    {
        while (at < end)
        {
            var sectorEnd = Math.Min(((at / SectorBytes) + 1) * SectorBytes, end);
            if (choices.Permille(500))
            {
                Lose(at, sectorEnd, choices);
            }

            at = sectorEnd;
        }
    }

    private void Lose(long at, long end, SeededSequence choices)
    {
        var lost = Content.GetBuffer().AsSpan((int)at, (int)(end - at));
        if (choices.Permille(500))
        {
            lost.Clear();
        }
        else
        {
            ContentGenerator.Fill(ContentProfile.Random, choices.Next(), 0, lost);
        }
    }
}
