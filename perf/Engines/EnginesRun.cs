using Harness.Perf.Macro;

namespace Harness.Perf.Engines;

/// <summary>
/// One source, several tools, step by step: each edit is made once and then every tool backs it up. Which tool goes first
/// alternates from step to step and from round to round, so that none always finds the caches as another left them.
/// </summary>
/// <param name="directory">An empty directory for everything.</param>
/// <param name="files">Files beside the image.</param>
/// <param name="imageBytes">Size of the image.</param>
/// <param name="tools">Those to measure.</param>
internal sealed class EnginesRun(string directory, int files, long imageBytes, IReadOnlyList<BackupTool> tools)
{
    private readonly List<EngineStep> _steps = [];
    private int _turn;

    public long SourceBytes { get; private set; }

    public IReadOnlyList<EngineStep> Run(int rounds)
    {
        for (var round = 0; round < rounds; round++)
        {
            Round(round);
        }

        return _steps;
    }

    private void Round(int round)
    {
        var source = Path.Combine(directory, "source");
        if (Directory.Exists(source))
        {
            Directory.Delete(source, recursive: true);
        }

        var tree = new MacroTree(source, files, imageBytes);
        SourceBytes = tree.Create();
        foreach (var tool in tools)
        {
            tool.Begin(directory, round);
        }

        Backup("initial", null);
        Backup("unchanged", null);
        Backup("pages-1-percent", tree.OverwriteScatteredPages());
        Backup("aligned-64k", tree.OverwriteAligned());
        Backup("insert-8x100", tree.Insert());
        Backup("append", tree.Append());
        Backup("rename", tree.Rename());
        Backup("attributes", tree.ChangeAttributes());
        var bytes = BackupTool.BytesBelow(source);
        Each("restore", null, tool => tool.Restore(bytes));
        Each("check-read-data", null, tool => tool.Check());

        void Backup(string step, long? editedBytes) => Each(step, editedBytes, tool => tool.Backup(source));

        void Each(string step, long? editedBytes, Func<BackupTool, ProcessFigures> act)
        {
            var first = _turn++;
            for (var i = 0; i < tools.Count; i++)
            {
                Measure(step, round, editedBytes, tools[(first + i) % tools.Count], act);
            }
        }
    }

    private void Measure(string step, int round, long? editedBytes, BackupTool tool, Func<BackupTool, ProcessFigures> act)
    {
        if (step is "initial" or "restore")
        {
            WarmMemory.Touch(directory, SourceBytes * 3 / 2);
        }

        var before = tool.StoredBytes();
        var figures = act(tool);
        var after = tool.StoredBytes();
        var sent = step is "restore" or "check-read-data" ? null : tool.SentBytes(figures);
        Console.Error.WriteLine($"{step} {tool.Name}: {figures.WallSeconds} s, {figures.ProcessorSeconds} CPU-s");
        _steps.Add(new EngineStep(
            step, tool.Name, round, figures.WallSeconds, figures.ProcessorSeconds, figures.PeakResidentBytes, editedBytes, after,
            after - before, sent));
    }
}
