namespace Harness.Simulator.Faults;

/// <summary>How one operation goes wrong. FAULT_MODEL.md section 2 says what each does where; <see cref="FaultCatalog"/> says which exist where.</summary>
public enum FaultKind
{
    /// <summary>Nothing is done, and the next call may work.</summary>
    Refused,

    /// <summary>It is done, and the answer is lost.</summary>
    LostAck,

    /// <summary>It is done twice, and the answer is the second one.</summary>
    Duplicate,

    /// <summary>A read ends in mid-body; a creation is cut off before it takes effect.</summary>
    Partial,

    /// <summary>No answer for an hour of simulated time, then as <see cref="Refused"/>.</summary>
    Hang,

    /// <summary>The answer takes a minute of simulated time.</summary>
    Slow,

    /// <summary>A read returns one bit otherwise than it is stored.</summary>
    CorruptBody,

    /// <summary>Access is denied, until the scenario renews it.</summary>
    Denied,

    /// <summary>There is no room, until the scenario makes some.</summary>
    Full,

    /// <summary>A disk fails the call; nothing is done.</summary>
    IoError,

    /// <summary>A sector cannot be read any more.</summary>
    SectorError,

    /// <summary>A bit of a sector reads otherwise than it was written, at every read.</summary>
    SilentFlip,

    /// <summary>A file is gone.</summary>
    LostFile,

    /// <summary>Another program holds it.</summary>
    InUse,

    /// <summary>An entry was listed and is gone.</summary>
    VanishedEntry,

    /// <summary>A stream changed between two reads.</summary>
    ChangedWhileRead,

    /// <summary>A snapshot is gone in mid-run.</summary>
    Vanished,

    /// <summary>A snapshot is not released.</summary>
    NotReleased,

    /// <summary>The records of the journal since the cursor were overwritten.</summary>
    Wrapped,

    /// <summary>Another journal has taken the place of the one of the cursor.</summary>
    Recreated,

    /// <summary>There is no journal any more.</summary>
    Disabled,

    /// <summary>Only that an entry changed is told, not where.</summary>
    Vague,

    /// <summary>The wall clock jumps.</summary>
    Step,

    /// <summary>The wall clock runs fast or slow.</summary>
    Skew,

    /// <summary>The local day has 23 or 25 hours.</summary>
    DaylightSaving,

    /// <summary>Credentials end.</summary>
    Expire,
}
