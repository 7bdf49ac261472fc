#!/bin/sh
# Runs the scenarios as a Slurm job array, a part in each task. From the root of a built repository:
#
#   sbatch --array=1-8 --wait build/ci/slurm-array.sh out/slurm --vault memory
#   dotnet scenarios/bin/Release/net10.0/harness.dll report merge out/slurm/* --out out/all
#
# The first argument is a directory that all nodes share; each part gets one of its own in it. The rest goes to "harness run".
# A task that is requeued comes to the same results and leaves what is there. To run a single part again later, name it: an array
# of one counts from itself (harness refuses that), so use: harness run --shard 3/8 --out out/slurm/3 ...
#SBATCH --job-name=harness
#SBATCH --ntasks=1
#SBATCH --cpus-per-task=1
#SBATCH --time=01:00:00
#SBATCH --requeue
set -eu

out=${1:?a directory for the results}
shift
dll=${HARNESS_DLL:-${SLURM_SUBMIT_DIR:-.}/scenarios/bin/Release/net10.0/harness.dll}
exec dotnet "$dll" run --shard-index-from-env --out "$out/$SLURM_ARRAY_TASK_ID" "$@"
