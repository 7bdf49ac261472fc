using System.IO.Abstractions;
using System.Reflection;
using Harness.Simulator.FileSystem;
using NUnit.Framework;

namespace Harness.Tests.FileSystem;

/// <summary>Every member of the package's interfaces, found by reflection, does something.</summary>
[TestFixture]
internal sealed class InterfaceTests : WindowsSubject
{
    [TestCaseSource(nameof(Members))]
    public void Member_CalledWithPlainArguments_ShouldNotBeUnsupported(MethodInfo member)
    {
        Fs.File.WriteAllText("file", "text");
        Fs.Directory.CreateDirectory("directory");
        using var stream = (Harness.Simulator.FileSystem.Opening.SimFileStream)Fs.File.Create("open");
        var target = TargetOf(member.DeclaringType!);
        try
        {
            _ = member.Invoke(target, [.. member.GetParameters().Select(parameter => Argument(member, parameter, stream))]);
        }
        catch (TargetInvocationException thrown)
        {
            Assert.That(
                thrown.InnerException,
                Is.Not.InstanceOf<NotSupportedException>().And.Not.InstanceOf<NullReferenceException>(),
                $"{member.DeclaringType!.Name}.{member}");
        }
    }

    [Test]
    public void Members_AreAllOfThem()
    {
        Assert.That(Members().Count(), Is.GreaterThan(230));
    }

    private static IEnumerable<TestCaseData> Members()
    {
        Type[] interfaces =
        [
            typeof(IFile), typeof(IDirectory), typeof(IPath), typeof(IFileInfo), typeof(IDirectoryInfo), typeof(IFileSystemInfo),
            typeof(IDriveInfo), typeof(IFileInfoFactory), typeof(IDirectoryInfoFactory), typeof(IDriveInfoFactory),
            typeof(IFileStreamFactory), typeof(IFileSystemWatcher), typeof(IFileSystemWatcherFactory), typeof(IFileSystem),
        ];
        foreach (var member in interfaces.SelectMany(type => type.GetMethods()))
        {
            // Spans cannot be passed by reflection; WindowsPathTests call these.
            var hasSpan = member.ReturnType.IsByRefLike
                || member.GetParameters().Any(parameter => parameter.ParameterType.IsByRefLike);
            var isListed = UnsupportedMembers.Reasons.ContainsKey(member.Name)
                || member.GetParameters().Any(p => UnsupportedMembers.Reasons.ContainsKey($"{member.Name}({p.ParameterType.Name})"));
            // Without a timeout it waits until something happens.
            var waits = member.Name == nameof(IFileSystemWatcher.WaitForChanged) && member.GetParameters().Length == 1;
            if (!hasSpan && !isListed && !waits)
            {
                yield return new TestCaseData(member).SetArgDisplayNames($"{member.DeclaringType!.Name}.{member}");
            }
        }
    }

    private object TargetOf(Type type) =>
        type == typeof(IFile) ? Fs.File
        : type == typeof(IDirectory) ? Fs.Directory
        : type == typeof(IPath) ? Fs.Path
        : type == typeof(IFileInfo) || type == typeof(IFileSystemInfo) ? Fs.FileInfo.FromFileName("file")
        : type == typeof(IDirectoryInfo) ? Fs.DirectoryInfo.FromDirectoryName("directory")
        : type == typeof(IDriveInfo) ? Fs.DriveInfo.FromDriveName("C")
        : type == typeof(IFileInfoFactory) ? Fs.FileInfo
        : type == typeof(IDirectoryInfoFactory) ? Fs.DirectoryInfo
        : type == typeof(IDriveInfoFactory) ? Fs.DriveInfo
        : type == typeof(IFileStreamFactory) ? Fs.FileStream
        : type == typeof(IFileSystemWatcher) ? Fs.FileSystemWatcher.CreateNew(@"C:\base")
        : type == typeof(IFileSystemWatcherFactory) ? Fs.FileSystemWatcher
        : Fs;

    private static object? Argument(MethodInfo member, ParameterInfo parameter, Harness.Simulator.FileSystem.Opening.SimFileStream stream)
    {
        var type = parameter.ParameterType;
        return type == typeof(string) ? Text(member, parameter)
            : type == typeof(string[]) || type == typeof(IEnumerable<string>) ? new[] { "a", "b" }
            : type == typeof(byte[]) ? new byte[] { 1 }
            : type == typeof(DateTime) ? new DateTime(2020, 1, 1, 0, 0, 0, DateTimeKind.Utc)
            : type == typeof(System.Text.Encoding) ? System.Text.Encoding.UTF8
            : type == typeof(FileMode) ? FileMode.OpenOrCreate
            : type == typeof(FileAccess) ? FileAccess.ReadWrite
            : type == typeof(FileShare) ? FileShare.ReadWrite
            : type == typeof(EnumerationOptions) ? new EnumerationOptions()
            : type == typeof(Microsoft.Win32.SafeHandles.SafeFileHandle) ? stream.SafeFileHandle
            : type == typeof(IntPtr) ? stream.SafeFileHandle.DangerousGetHandle()
            : type == typeof(WatcherChangeTypes) ? WatcherChangeTypes.All
            : type == typeof(NotifyFilters) ? NotifyFilters.FileName
            : type == typeof(int) && member.Name == "WaitForChanged" ? 0
            : type == typeof(int) ? 4096
            : type.IsValueType ? Activator.CreateInstance(type)
            : null;
    }

    private static string Text(MethodInfo member, ParameterInfo parameter) => parameter.Name switch
    {
        "driveName" => "C",
        "searchPattern" or "filter" => "*",
        "destFileName" or "destDirName" => "other",
        "destinationFileName" => "file",
        "sourceDirName" => "directory",
        "basePath" => @"C:\base",
        "path" when member.DeclaringType == typeof(IDirectory) || member.DeclaringType == typeof(IFileSystemWatcherFactory) => "directory",
        _ => "file",
    };
}
