namespace Harness.Scenarios.Model;

/// <summary>One step; exactly one key. A word alone, such as backup, is the step with nothing further to say.</summary>
[OneOf]
public sealed record StepDocument
{
    /// <summary>Backs a source up and judges the report, the traffic and every entry's outcome.</summary>
    public BackupStep? Backup { get; init; }

    /// <summary>Asks for refusal, warnings and outcome without writing anything (dry run).</summary>
    public BackupStep? Preflight { get; init; }

    /// <summary>Changes the volume: the name of an edit in the recipe, or the edit itself.</summary>
    public RawYaml? Edit { get; init; }

    /// <summary>Changes one of several volumes.</summary>
    public EditSourceStep? EditSource { get; init; }

    /// <summary>Restores a recovery point to an empty volume and compares it with the snapshot it was made from.</summary>
    public RestoreStep? Restore { get; init; }

    /// <summary>Checks the vault.</summary>
    public CheckStep? Check { get; init; }

    /// <summary>Damages blobs of the vault.</summary>
    public DamageStep? Damage { get; init; }

    /// <summary>Makes one path of the volume unreadable.</summary>
    public FaultStep? Fault { get; init; }

    /// <summary>Makes the whole source vanish during the next backup.</summary>
    public VanishStep? Vanish { get; init; }

    /// <summary>Ends all faults.</summary>
    public HealStep? Heal { get; init; }

    /// <summary>Changes the free space of the scratch location.</summary>
    public ScratchDocument? Scratch { get; init; }

    /// <summary>Loses everything in the scratch location, as after the cache was deleted.</summary>
    public EmptyStep? LoseScratch { get; init; }

    /// <summary>Makes the scratch location give back other bytes than were written to it.</summary>
    public DamageScratchStep? DamageScratch { get; init; }

    /// <summary>Makes the vault refuse every call.</summary>
    public VaultFaultStep? VaultFault { get; init; }

    /// <summary>Lets time pass.</summary>
    public WaitStep? Wait { get; init; }

    /// <summary>Forgets recovery points by a retention policy or by number.</summary>
    public ForgetStep? Forget { get; init; }

    /// <summary>Lists the recovery points and compares their numbers.</summary>
    public RecoveryPointsStep? RecoveryPoints { get; init; }
}

/// <summary>A step with nothing to say.</summary>
public sealed record EmptyStep;
