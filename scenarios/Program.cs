return await Harness.Scenarios.CommandLine.Application.RunAsync(args);
