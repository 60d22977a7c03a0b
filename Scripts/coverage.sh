#!/bin/bash
# Lines of the core, the transports and the drivers that unit tests reach; a module below the threshold is a failure.
# Built in a folder of its own, .build/coverage, because counting makes other code.
set -u
cd "$(dirname "$0")/.."
threshold=90
build=.build/coverage
modules=(Sources/Core/* Sources/Transports/* Sources/Drivers/*)

# The tests of these modules; those of the standard drivers, which have a device of each type diagnosed; and no others.
targets=StandardDriversTests
for module in "${modules[@]}"; do
  name=$(basename "$module")
  if [ -d "Tests/${name}Tests" ]; then targets+=,${name}Tests; fi
done
export VIREO_TARGETS=$targets SWIFT_BACKTRACE=enable=no

swift test --scratch-path "$build" --enable-code-coverage 1>&2 || {
  echo "the tests fail: nothing was measured" >&2
  exit 1
}
profile=$build/debug/codecov/default.profdata
program=$(find "$build/debug/" -maxdepth 1 -name '*PackageTests.xctest' | head -1)
if [ ! -f "$profile" ] || [ -z "$program" ]; then
  echo "no counts in $build/debug/codecov" >&2
  exit 1
fi
# The toolchain's own: counts are readable by its version only.
cov=$(dirname "$(readlink -f "$(command -v swift)")")/llvm-cov

failed=0
printf '%-24s %8s %8s %8s\n' module lines missed reached
for module in "${modules[@]}"; do
  name=$(basename "$module")
  if [ ! -d "Tests/${name}Tests" ]; then
    echo "$name: no folder Tests/${name}Tests" >&2
    failed=1
    continue
  fi
  read -r lines missed < <(
    "$cov" report "$program" -instr-profile="$profile" -show-region-summary=false -show-branch-summary=false \
      "$module" 2>/dev/null | awk '$1 == "TOTAL" { print $(NF - 2), $(NF - 1) }')
  if [ -z "${lines:-}" ] || [ "$lines" = 0 ]; then
    echo "$name: no lines were counted" >&2
    failed=1
    continue
  fi
  reached=$(awk -v l="$lines" -v m="$missed" 'BEGIN { printf "%.1f", 100 * (l - m) / l }')
  mark=
  if awk -v r="$reached" -v t="$threshold" 'BEGIN { exit !(r < t) }'; then
    mark="below $threshold %"
    failed=1
  fi
  printf '%-24s %8d %8d %7s%% %s\n' "$name" "$lines" "$missed" "$reached" "$mark"
done
exit $failed
