#!/bin/bash
# A disk of qemu-storage-daemon behind vhost-user, by the block driver and by a plain C client in turns: system calls and
# kicks under their thresholds, requests per second as a ratio where the processors are near each other. Then a network
# port of DPDK's, by the network driver and by DPDK's in turns, if DPDK's testpmd is installed (dpdk-dev).
# Arguments go to `vhost-bench compare`: --minutes N.
set -eu
cd "$(dirname "$0")/.."

missing=()
command -v qemu-storage-daemon >/dev/null || missing+=(qemu-system-common)
command -v strace >/dev/null || missing+=(strace)
command -v taskset >/dev/null || missing+=(util-linux)
if [ ${#missing[@]} -gt 0 ]; then
  if [ "$(id -u)" != 0 ]; then
    echo "missing: sudo apt install ${missing[*]}" >&2
    exit 69
  fi
  echo "installing ${missing[*]}" >&2
  apt-get update -qq >&2
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >&2
fi

swift build -c release --product vhost-bench 1>&2
bench=$(swift build -c release --show-bin-path)/vhost-bench
"$bench" compare --check Benchmarks/Thresholds/vhost-user.txt "$@"
if command -v dpdk-testpmd >/dev/null; then
  "$bench" compare-network --pairs 3
else
  echo 'no dpdk-testpmd (dpdk-dev): the network driver is not compared' >&2
fi
