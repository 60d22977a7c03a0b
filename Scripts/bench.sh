#!/bin/bash
# The figures: the ring through its public API beside a plain C ring.
set -eu
cd "$(dirname "$0")/.."
swift build -c release --product ring-bench 1>&2
exec "$(swift build -c release --show-bin-path)/ring-bench" "$@"
