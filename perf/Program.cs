return await Harness.Perf.PerfApplication.RunAsync(args);
