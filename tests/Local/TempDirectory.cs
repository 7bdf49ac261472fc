using System.Diagnostics;
using NUnit.Framework;

namespace Harness.Tests.Local;

/// <summary>A directory of its own for one test, deleted with everything in it. Also runs small system commands in it.</summary>
internal sealed class TempDirectory : IDisposable
{
    internal TempDirectory(string? parent = null)
    {
        Path = parent is null
            ? Directory.CreateTempSubdirectory("harness-test-").FullName
            : Directory.CreateDirectory(System.IO.Path.Combine(parent, "harness-test-" + Guid.NewGuid().ToString("n"))).FullName;
    }

    internal string Path { get; }

    internal string At(string relative) => System.IO.Path.Combine(Path, relative);

    internal string Write(string relative, string content)
    {
        var path = At(relative);
        _ = Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
        File.WriteAllText(path, content);
        return path;
    }

    /// <summary>Runs a shell script with the directory as working directory; fails the test when it fails.</summary>
    internal string Shell(string script)
    {
        using var process = Process.Start(new ProcessStartInfo("/bin/bash", ["-euc", script])
        {
            WorkingDirectory = Path,
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.That(process.ExitCode, Is.Zero, $"{script}: {error.Result}");
        return output;
    }

    public void Dispose() => Shell("chmod -R u+rwx . 2>/dev/null || true; rm -rf --one-file-system \"$PWD\"");
}
