#!/bin/bash
# Installs the programs beside QEMU that unit tests need, from the distribution's packages; without the right to do so, it
# says what is missing.
set -eu

missing=()
# need PROGRAM PACKAGE...
need() {
  command -v "$1" >/dev/null || missing+=("${@:2}")
}
# A protocol analyser: captured frames must be well-formed.
need tshark tshark
# A network back-end that polls.
need dpdk-testpmd dpdk-dev

[ ${#missing[@]} -gt 0 ] || exit 0
if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then
  echo "missing: sudo apt install ${missing[*]}" >&2
  exit 69
fi
echo "installing ${missing[*]}" >&2
export DEBIAN_FRONTEND=noninteractive
apt-get update -qq >&2
apt-get install -y -qq --no-install-recommends "${missing[@]}" >&2
