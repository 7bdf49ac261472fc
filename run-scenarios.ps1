#Requires -Version 5.1
<#
.SYNOPSIS
Runs the scenarios: the same as "harness run" with the same arguments, building first when the sources changed.
.DESCRIPTION
Thin: everything but the build is done by the program. The last line of the output is "N passed, N failed, N skipped"; results
and reports are in the directory of -Out. For Windows PowerShell 5.1 and PowerShell 7, with the .NET 10 SDK on the PATH.
.PARAMETER Id
Ids of scenarios or cells, leading parts of them, or patterns with * and ?; all scenarios when none is given. The tab key completes
them once harness is built. Ids of cells have brackets: put them in single quotes.
.PARAMETER Filter
--filter E: run what matches, such as sparse, tag:skip or 'clause:file.* & !vault:azurite'.
.PARAMETER Vault
--vault V: vaults to run on, such as memory, azurite or simulated; memory and azurite when none is given.
.PARAMETER Profile
--profile P: only scenarios written for this rule profile.
.PARAMETER Seed
--seed N: seed in place of the scenarios' own.
.PARAMETER Out
--out DIR: directory for results.jsonl and the reports; "out" when none is given.
.PARAMETER Remaining
Everything else goes to "harness run" as it is, such as --list, --shard 2/8 or --help.
.EXAMPLE
./run-scenarios.ps1
Every scenario, on the memory vault and on Azurite.
.EXAMPLE
./run-scenarios.ps1 -Vault memory -Filter sparse
A part of them; needs no Node.js.
.EXAMPLE
./run-scenarios.ps1 -Id 'file-types.combinations[traits=sparse]' -Vault memory -Seed 7
One cell with a seed of its own.
.EXAMPLE
./run-scenarios.ps1 --list
What there is; other options of "harness run" work in the same way.
.NOTES
Exit codes are those of harness: 0 all as expected; 1 internal error, or harness does not build; 2 unexpected result; 3 cancelled;
5 bad arguments or input; 8 nothing selected; 13 stopped after too many failures.
.LINK
https://learn.microsoft.com/azure/backup/
#>
[CmdletBinding(PositionalBinding = $false)]
param(
  [ArgumentCompleter({
    param($commandName, $parameterName, $wordToComplete, $commandAst, $fakeBoundParameters)
    $script = (Get-Command -Name $commandName).Path
    $program = Join-Path (Split-Path -Parent $script) 'scenarios/bin/Release/net10.0/harness.dll'
    $typed = $wordToComplete.Trim("'")
    if (Test-Path $program) {
      & dotnet $program run --list --vault memory |
        ForEach-Object { $_.Substring(0, $_.LastIndexOf('@')) } |
        Where-Object { $_.StartsWith($typed) } |
        ForEach-Object { "'" + $_ + "'" }
    }
  })]
  [string[]]$Id,
  [string]$Filter,
  [string[]]$Vault,
  [string]$Profile,
  [string]$Seed,
  [string]$Out,
  [Parameter(ValueFromRemainingArguments = $true)]
  [string[]]$Remaining
)
Set-StrictMode -Version 2.0
$ErrorActionPreference = 'Stop'

$arguments = @()
foreach ($name in @($Id | Where-Object { $_ })) { $arguments += $name }
if ($Filter) { $arguments += @('--filter', $Filter) }
foreach ($name in @($Vault | Where-Object { $_ })) { $arguments += @('--vault', $name) }
if ($Profile) { $arguments += @('--profile', $Profile) }
if ($Seed) { $arguments += @('--seed', $Seed) }
if ($Out) { $arguments += @('--out', $Out) }
if ($Remaining) { $arguments += $Remaining }

$dll = Join-Path $PSScriptRoot 'scenarios/bin/Release/net10.0/harness.dll'
$stamp = Join-Path $PSScriptRoot 'scenarios/bin/Release/run-scenarios.ps1.stamp'
$project = Join-Path $PSScriptRoot 'scenarios/Harness.Scenarios.csproj'

# A fingerprint of names, sizes and times: an edit, a deletion or a checkout all show.
$sources = @('engine', 'simulator', 'scenarios', '*.props', 'global.json', 'nuget.config') |
  ForEach-Object { Get-ChildItem -Path (Join-Path $PSScriptRoot $_) -Recurse -File } |
  Where-Object { $_.FullName.Substring($PSScriptRoot.Length) -notmatch '[\\/](bin|obj|node_modules)[\\/]' } |
  ForEach-Object { '{0}|{1}|{2}' -f $_.FullName, $_.Length, $_.LastWriteTimeUtc.Ticks }
$fingerprint = ($sources | Sort-Object) -join "`n"

if (-not (Test-Path $dll) -or -not (Test-Path $stamp) -or ([IO.File]::ReadAllText($stamp) -ne $fingerprint)) {
  [Console]::Error.WriteLine('Building harness (only when its sources changed)...')
  & dotnet build $project -c Release -p:RunAnalyzers=false --nologo -v quiet -clp:ErrorsOnly | ForEach-Object { [Console]::Error.WriteLine($_) }
  if ($LASTEXITCODE -ne 0) { exit 1 }
  [IO.File]::WriteAllText($stamp, $fingerprint)
}

& dotnet $dll run @arguments
exit $LASTEXITCODE
