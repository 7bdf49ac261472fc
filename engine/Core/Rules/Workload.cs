namespace Harness.Engine.Rules;

/// <summary>Kinds of data sources that the documents measure differently.</summary>
public enum Workload
{
    /// <summary>Files and folders of one volume.</summary>
    Volume,

    /// <summary>A virtual machine of Hyper-V.</summary>
    HyperVMachine,

    /// <summary>A database of SQL Server.</summary>
    SqlDatabase,

    /// <summary>A SharePoint farm.</summary>
    SharePointFarm,

    /// <summary>An Exchange server.</summary>
    ExchangeServer,

    /// <summary>The system state, or a bare-metal copy.</summary>
    SystemState,
}
