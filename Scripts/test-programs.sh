#!/bin/bash
# Installs the programs that `make test` needs, from the distribution's packages; without the right to do so, it says what is
# missing. All at once, as two installations at a time get in each other's way.
set -eu

missing=()
# need PROGRAM PACKAGE...
need() {
  command -v "$1" >/dev/null || missing+=("${@:2}")
}
# The guests, and the devices that unit tests drive.
need qemu-system-aarch64 qemu-system-arm
need qemu-system-x86_64 qemu-system-x86
need qemu-system-riscv64 qemu-system-misc
# A protocol analyser: captured frames must be well-formed.
need tshark tshark
# A network back-end that polls.
need dpdk-testpmd dpdk-dev
# It counts instructions.
need valgrind valgrind binutils
# A GPU, which lies in no search path.
have_gpu() {
  local folder
  for folder in /usr/lib/qemu /usr/libexec /usr/libexec/qemu /usr/lib/qemu-kvm; do
    [ ! -x "$folder/vhost-user-gpu" ] || return 0
  done
  command -v vhost-user-gpu >/dev/null
}
have_gpu || missing+=(qemu-system-gui)

[ ${#missing[@]} -gt 0 ] || exit 0
if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then
  echo "missing: sudo apt install ${missing[*]}" >&2
  exit 69
fi
echo "installing ${missing[*]}" >&2
export DEBIAN_FRONTEND=noninteractive
apt-get update -qq >&2
apt-get install -y -qq --no-install-recommends "${missing[@]}" >&2
