#!/bin/bash
# All figures: counted ones against their thresholds, times as ratios within this run. Documentation/Performance.md says
# what they mean.
set -u
cd "$(dirname "$0")/.."
status=0
swift build --product vireo 1>&2 && .build/debug/vireo guest build || exit 1
Scripts/data-path.sh || status=1
"$(swift build -c release --show-bin-path)/ring-bench" time --check || status=1
swift build -c release --product display-bench 1>&2 && "$(swift build -c release --show-bin-path)/display-bench" || status=1
Scripts/vhost-bench.sh || status=1
.build/debug/vireo guest bench --check || status=1
# The Linux guest beside ours. It may be impossible to have (69: no package source, no compiler): then that was said.
.build/debug/vireo guest bench --peer linux
peer=$?
[ $peer -eq 0 ] || [ $peer -eq 69 ] || status=1
exit $status
