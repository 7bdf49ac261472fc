#Requires -Version 5.1
<#
.SYNOPSIS
Runs the scenarios: the same as "harness run" with the same arguments, building first when the sources changed.
.EXAMPLE
./run-scenarios.ps1
Every scenario, on the memory vault and on Azurite.
.EXAMPLE
./run-scenarios.ps1 -Vault memory -Filter sparse
A part of them; needs no Node.js. Other options go to "harness run" as they are: ./run-scenarios.ps1 --help
#>
param(
  # --filter E
  [string]$Filter,
  # --vault V
  [string[]]$Vault,
  # --profile P
  [string]$Profile,
  # --seed N
  [string]$Seed,
  # --out DIR
  [string]$Out,
  [Parameter(ValueFromRemainingArguments = $true)]
  [string[]]$Remaining
)
Set-StrictMode -Version 2.0
$ErrorActionPreference = 'Stop'

$arguments = @()
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
