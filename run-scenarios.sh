#!/bin/sh
# Runs the scenarios: the same as "harness run" with the same arguments, building first when the sources changed.
#
#   ./run-scenarios.sh                                  every scenario, on the memory vault and on Azurite
#   ./run-scenarios.sh --vault memory --filter sparse   a part of them; needs no Node.js
#
# Options go to "harness run" as they are, among them:
#   --filter E   --vault V   --profile P   --seed N   --out DIR          (all of them: ./run-scenarios.sh --help)
set -eu

root=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
dll="$root/scenarios/bin/Release/net10.0/harness.dll"
stamp="$root/scenarios/bin/Release/run-scenarios.sh.stamp"

command -v dotnet >/dev/null 2>&1 || {
  echo "error PlatformUnsupported: dotnet is not on the PATH." >&2
  echo "  remedy: Install the .NET 10 SDK, https://dotnet.microsoft.com/download." >&2
  exit 5
}

# A fingerprint of names and contents: no git needed, and an edit, a deletion or a checkout all show.
fingerprint=$(cd "$root" && find engine simulator scenarios ./*.props global.json nuget.config \
  \( -name bin -o -name obj -o -name node_modules \) -prune -o -type f -exec cksum {} + | LC_ALL=C sort | cksum)

if [ ! -f "$dll" ] || [ ! -f "$stamp" ] || [ "$(cat "$stamp")" != "$fingerprint" ]; then
  echo "Building harness (only when its sources changed)..." >&2
  (cd "$root" && dotnet build scenarios/Harness.Scenarios.csproj -c Release -p:RunAnalyzers=false --nologo -v quiet -clp:ErrorsOnly) >&2 || {
    echo "error InternalError: harness does not build." >&2
    exit 1
  }
  printf '%s\n' "$fingerprint" > "$stamp"
fi

exec dotnet "$dll" run "$@"
