#!/bin/bash
# Stress for minutes: the block driver against QEMU's disk on a thread of its own, every request checked; the network driver
# against a back-end of DPDK, every frame accounted for; the console driver with two streams of 10 MB each way at once, on every
# transport, compared byte by byte; the model of the ring with one deviation more than `make test` tries; and each guest's first
# disk, while interrupts fall into whatever the driver does.
#
#   soak.sh [REQUESTS]   per run, of which there are four, and per guest, of which there are nine; a million
#                        unless said otherwise
set -u
cd "$(dirname "$0")/.."
requests=${1:-1000000}
if ! [[ $requests =~ ^[1-9][0-9]{0,11}$ ]]; then
  echo "soak.sh: REQUESTS is \"$requests\", expected a number above 0" >&2
  exit 2
fi
Scripts/test-programs.sh || exit
failed=0
echo "soak: 4 runs of $requests requests each, 15000 to 30000 a second; 4 of ten times as many frames" >&2
# Optimised, for the tighter a driver is the more a missing fence shows; in a folder of its own beside other builds.
VIREO_SOAK=$requests VIREO_SOAK_FRAMES=$((10 * requests)) VIREO_CONSOLE_BYTES=10485760 swift test --no-parallel \
  -c release -Xswiftc -enable-testing --scratch-path .build/soak \
  --filter 'SoakTests|PacketForwarderTests|twoPortsAtOnce_bothWays_areBitExact' || failed=1
echo "soak: 9 guests, $requests requests each, 10000 to 80000 a second" >&2
swift build --product vireo 1>&2 && .build/debug/vireo guest test --only stress --stress "$requests" || failed=1
exit $failed
