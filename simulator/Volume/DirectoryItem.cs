using System.Runtime.InteropServices;

namespace Harness.Simulator.Volume;

/// <summary>One name in a directory.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct DirectoryItem(uint File, uint NameRef);
