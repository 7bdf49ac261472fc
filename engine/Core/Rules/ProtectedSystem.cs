namespace Harness.Engine.Rules;

/// <summary>Operating systems that the documents give different sizes for.</summary>
public enum ProtectedSystem
{
    /// <summary>Windows Server 2012 or later.</summary>
    WindowsServer2012,

    /// <summary>Windows 8 or later.</summary>
    Windows8,

    /// <summary>Windows Server 2008 R2, with or without SP1.</summary>
    WindowsServer2008R2,

    /// <summary>Windows Server 2008, with or without SP2.</summary>
    WindowsServer2008,

    /// <summary>Windows 7.</summary>
    Windows7,
}
