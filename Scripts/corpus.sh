#!/bin/bash
# Runs every input of Tests/HostileDeviceTests/Corpus in an optimised build: what optimisation breaks, unit tests of a debug
# build do not see.
set -eu
cd "$(dirname "$0")/.."
swift build -c release --product Fuzz "$@" 1>&2
status=0
for folder in Tests/HostileDeviceTests/Corpus/*/; do
  .build/release/Fuzz "$(basename "$folder")" "$folder"* || status=1
done
[ $status -eq 0 ] && echo "no findings in $(find Tests/HostileDeviceTests/Corpus -type f | wc -l) inputs"
exit $status
