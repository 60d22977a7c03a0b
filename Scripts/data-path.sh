#!/bin/bash
# The data path's counted gates: no allocation, no reference counting and no indirect call on the host and in every
# kernel; driver instructions per operation under their thresholds. Needs the kernels that `vireo guest build` makes.
set -eu
cd "$(dirname "$0")/.."
vireo=.build/debug/vireo
probes=(vireo_probe_submit vireo_probe_publish vireo_probe_complete vireo_probe_block_start_read
  vireo_probe_block_complete)
network=(vireo_probe_network_send vireo_probe_network_reclaim vireo_probe_network_give vireo_probe_network_receive)
beside=(--beside completeAfter --beside failD)

Scripts/test-programs.sh
swift build -c release --product ring-bench "$@" 1>&2
ring=$(swift build -c release --show-bin-path)/ring-bench
# Beside the data path: requests that came too late, and a device that failed (`failDevice`, mangled).
$vireo check calls "$ring" --control vireo_probe_control "${beside[@]}" "${probes[@]}" "${network[@]}"
for architecture in aarch64 riscv64 x86_64; do
  $vireo check calls ".build/kernel-$architecture/release/kernel" --control vireo_probe_control "${beside[@]}" "${probes[@]}"
done
"$ring" instructions --check Benchmarks/Thresholds/ring-instructions.txt
