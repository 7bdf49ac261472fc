#!/bin/sh
# Installs the Debian packages that some tests need, when this is Debian (or a child of it) and the user is root.
# Elsewhere it says what is missing and succeeds: those tests are then skipped, with the reason. Safe to run again.
#   ntfs-3g, fuse3   a real NTFS volume to read from and restore to
#   attr             getfattr and setfattr, to look at such a volume by hand
#   slurm-wlm munge  a Slurm cluster of one node, to run build/ci/slurm-array.sh on
#   rsync            compares restored trees in .ci/run
#   (restic borgbackup rclone time: only for perf's comparison; name them as arguments)
#   chromium         the page in a real browser
#   sleuthkit, wimtools  read such a volume from its raw image: witnesses of what was exported
set -eu

packages="${*:-ntfs-3g fuse3 attr rsync sleuthkit wimtools slurm-wlm munge chromium}"

missing=""
for package in $packages; do
  if ! dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q '^install ok installed$'; then
    missing="$missing $package"
  fi
done

if [ -z "$missing" ]; then
  echo "System packages: all present ($packages)."
  exit 0
fi

if ! command -v apt-get >/dev/null 2>&1 || [ "$(id -u)" -ne 0 ]; then
  echo "System packages: missing$missing; not installed, since that takes root and apt-get."
  exit 0
fi

log=$(mktemp)
trap 'rm -f "$log"' EXIT
export DEBIAN_FRONTEND=noninteractive
# shellcheck disable=SC2086 # The list is split into words on purpose.
install() { apt-get install -y -q --no-install-recommends $missing >"$log" 2>&1; }
if ! install && ! { apt-get update -q >"$log" 2>&1 && install; }; then
  echo "System packages: could not install$missing." >&2
  tail -n 5 "$log" >&2
  exit 1
fi
echo "System packages: installed$missing."
