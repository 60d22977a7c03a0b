#!/bin/bash
# Builds the foreign kernel, boots it with disks of known contents, and compares what it prints.
# Needs Swift and qemu-system-aarch64. Results go to standard output, builds and details to standard error.
set -u
cd "$(dirname "$0")"

readonly platform=Sources/ForeignKernel/Platform.swift limit=100
readonly kernel=.build/aarch64-none-none-elf/release/foreign-kernel
passed=0
failed=0

# check NAME COMMAND...: runs the command and notes whether it succeeded.
check() {
  local name=$1
  shift
  if "$@"; then
    passed=$((passed + 1))
    echo "ok - $name"
  else
    failed=$((failed + 1))
    echo "not ok - $name"
  fi
}

# not COMMAND...: succeeds when the command fails. For the controls: a check that cannot fail checks nothing.
not() { ! "$@" 2>/dev/null; }

finish() {
  echo "$passed passed, $failed failed"
  rm -rf "$work"
  [ $failed -eq 0 ]
  exit
}

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# --- The sources

within_limit() {
  local count
  count=$(grep -c '[^[:space:]]' "$1")
  if [ "$count" -gt $limit ]; then
    echo "$1 has $count lines that are not blank, the limit is $limit" >&2
    return 1
  fi
}

# Neither package may use flags that forbid a stranger to depend on it, and the example nothing of Vireo's own kernel.
without() { ! grep -nE "$1" "${@:2}" >&2; }

{ cat $platform; for ((i = 0; i < limit; i++)); do echo '// one more'; done; } > "$work/long.swift"
echo 'import BareMetal' > "$work/import.swift"
echo 'swiftSettings: [.unsafeFlags(["-O"])]' > "$work/flags.swift"
readonly own='import +(C?BareMetal|Kernel)' flags='unsafeFlags\('

check "platform code has at most $limit lines" within_limit $platform
check 'control: a longer one is refused' not within_limit "$work/long.swift"
check 'no unsafeFlags in either manifest' without "$flags" Package.swift ../../Package.swift
check 'control: unsafeFlags are refused' not without "$flags" "$work/flags.swift"
check "nothing of Vireo's own kernel is imported" without "$own" -r Sources
check 'control: such an import is refused' not without "$own" "$work/import.swift"

# --- The page: each block of code below `<!-- excerpt: PATH -->` stands in that file, whatever its indentation.

excerpts_match() {
  awk '
    function trimmed(line) { sub(/^[ \t]+/, "", line); sub(/[ \t]+$/, "", line); return line }
    function contents(path,   line, text) {
      text = "\n"
      while ((getline line < path) > 0) text = text trimmed(line) "\n"
      close(path)
      return text
    }
    match($0, /^<!-- excerpt: .* -->$/) { path = substr($0, 15, length($0) - 18); next }
    path != "" && /^```/ && !inside { inside = 1; text = "\n"; start = NR; next }
    inside && /^```/ {
      count++
      if (index(contents(path), text) == 0) {
        print FILENAME ":" start ": not in " path | "cat >&2"
        bad = 1
      }
      inside = 0
      path = ""
      next
    }
    inside { text = text trimmed($0) "\n" }
    END { exit bad || count == 0 }
  ' "$1"
}

readonly page=../../Documentation/Porting.md
if [ -e $page ]; then
  sed 's/MappedRegisters/MappedRegister/' $page > "$work/page.md"
  check 'the code in Documentation/Porting.md is that of the example' excerpts_match $page
  check 'control: a changed excerpt is refused' not excerpts_match "$work/page.md"
fi

# --- The kernel

# SwiftPM does not link again when only the linker script or the toolset has changed, and does not see new files of a
# dependency without planning anew.
rm -f $kernel .build/aarch64-none-none-elf/release/description.json

build() {
  swift build -c release --triple aarch64-none-none-elf --toolset Toolset.json --product foreign-kernel \
    -Xswiftc -warnings-as-errors 2>&1 | tee "$work/build.log" >&2
  [ "${PIPESTATUS[0]}" -eq 0 ] && [ -x $kernel ] && ! grep -q 'warning:' "$work/build.log"
}

check 'the kernel builds without a warning' build
[ -x $kernel ] || finish

if ! command -v qemu-system-aarch64 > /dev/null; then
  echo 'qemu-system-aarch64 not found; install with: sudo apt install qemu-system-arm' >&2
  check 'QEMU is there' false
  finish
fi

# image FILE SECTORS WORDS: every sector says its number and the words, again and again.
image() {
  local number
  for ((number = 0; number < $2; number++)); do
    yes "sector $number $3" 2>/dev/null | head -c 512
  done > "$1"
}

# boot LOG [ARGUMENT...]: boots the kernel with these devices; its lines go to LOG.
boot() {
  local log=$1 status
  shift
  timeout 30 qemu-system-aarch64 -M virt -cpu cortex-a57 -m 256 -nodefaults -display none -monitor none -serial stdio \
    -semihosting-config enable=on,target=native -kernel $kernel "$@" < /dev/null > "$log"
  status=$?
  sed 's/^/# /' "$log" >&2
  echo "# status $status" >&2
  return $status
}

# disk FILE: the arguments that give the machine this disk.
disk() {
  echo "-blockdev driver=raw,node-name=disk,read-only=on,file.driver=file,file.filename=$1" \
    '-device virtio-blk-device,drive=disk'
}

# prints LOG FILE SECTOR: the log shows that sector of the file, byte for byte.
prints() {
  diff <(sed -n "s/^sector $3: //p" "$1" | tr -s ' \n' '\n\n') \
    <(od -An -v -tx1 -j $(($3 * 512)) -N 512 "$2" | tr -s ' \n' '\n\n' | sed '/^$/d') > /dev/null
}

status_is() {
  local expected=$1
  shift
  "$@"
  [ $? -eq "$expected" ]
}

readonly modern='-global virtio-mmio.force-legacy=false' legacy='-global virtio-mmio.force-legacy=true'
image "$work/a.img" 16 'of the first disk'
image "$work/b.img" 16 'of another disk'
image "$work/short.img" 2 'of a short disk'

check 'modern disk: status 0' status_is 0 boot "$work/modern.log" $modern -device virtio-rng-device \
  $(disk "$work/a.img")
check 'the platform keeps its rules' grep -q '^16 platform checks, 0 rules broken$' "$work/modern.log"
check 'modern disk: the sector is printed' prints "$work/modern.log" "$work/a.img" 3
check 'modern disk: it is modern' grep -q '^disk of 16 sectors, modern, slot 30$' "$work/modern.log"
check 'control: the neighbouring sector is another one' not prints "$work/modern.log" "$work/a.img" 2
check 'reads allocate nothing' grep -q '^100 more reads, 0 allocations$' "$work/modern.log"
check 'a queue in memory of the kernel' grep -q '^16 bytes of entropy, 0 allocations$' "$work/modern.log"
check 'the device filled its buffer' grep -q '^entropy:.* [1-9a-f]' "$work/modern.log"
check 'every buffer came home' grep -q '^0 buffers in use$' "$work/modern.log"
check 'legacy disk: status 0' status_is 0 boot "$work/legacy.log" $legacy $(disk "$work/b.img")
check 'legacy disk: the sector is printed' prints "$work/legacy.log" "$work/b.img" 3
check 'legacy disk: it is legacy' grep -q '^disk of 16 sectors, legacy, slot 31$' "$work/legacy.log"
check 'control: another disk prints otherwise' not prints "$work/legacy.log" "$work/a.img" 3
check 'no disk: status 5' status_is 5 boot "$work/none.log" $modern
check 'no disk: said in words' grep -q '^no disk in 32 slots$' "$work/none.log"
check 'short disk: status 6' status_is 6 boot "$work/short.log" $modern $(disk "$work/short.img")
check 'short disk: refused in words' grep -q "beyond the disk's end at 2\$" "$work/short.log"
finish
