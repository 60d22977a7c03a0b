#!/bin/bash
# Mutants: known mistakes, kept as patches in Tests/Mutants. Each is applied to a copy of the tree, built, and must be
# caught by what its first line names: tests ("Tests: FILTER"), or a guest whose run must fail ("Guest: ARCH MACHINE
# TRANSPORT [WORD]", the word being one of the kernel's command line). A patch that no longer applies is a failure, and
# so is one that does not build: a mutant that cannot run proves nothing.
#
#   mutants.sh            all of them
#   mutants.sh NAME...    some of them
#   mutants.sh --applies  only whether all patches apply (seconds; part of `make test`)
set -u
cd "$(dirname "$0")/.."
root=$PWD
work=$root/.build/mutants
copy=$work/tree
# Tests that catch mutants, and what they use; those that start emulators, and the tool's own, are not built.
VIREO_TARGETS=$(cd Tests && printf '%s,' *Tests | sed -E 's/(QTest|Vireo|VirtualMachine|DeviceTree|BareMetal)Tests,//g')
export VIREO_TARGETS=${VIREO_TARGETS%,}
export SWIFT_BACKTRACE=enable=no
passed=0
failed=0

verdict() { # ok|FAILED, words
  echo "$1: $2"
  if [ "$1" = ok ]; then passed=$((passed + 1)); else failed=$((failed + 1)); fi
}

# A fresh copy of everything that git knows, as it is in the working folder. What was built there stays: one build tree
# for all mutants, of all runs.
mkdir -p "$copy"
find "$copy" -mindepth 1 -maxdepth 1 ! -name .build -exec rm -rf {} +
git ls-files -z --cached --others --exclude-standard |
  tar --null --ignore-failed-read -T - -cf - 2>/dev/null | tar -xf - -C "$copy"

test_filter() { sed -n '1s/^Tests: //p' "$1"; }
build() { (cd "$copy" && swift build --build-tests) >"$work/log" 2>&1; }
run_tests() { # filter
  (cd "$copy" && timeout -k 10 300 swift test --skip-build --filter "$1") >"$work/log" 2>&1
}
guest_of() {
  sed -nE '1s/^Guest: ([a-z0-9_]+) ([a-z0-9]+) ([a-z-]+)( ([a-z.=0-9-]+))?$/--arch \1 --machine \2 --transport \3 --words \5/p' "$1" |
    sed 's/ --words $//'
}
# The kernels need targets that the tests do not.
vireo() { (cd "$copy" && env -u VIREO_TARGETS timeout -k 10 600 "$root/.build/debug/vireo" "$@" </dev/null); }
# Words of their own, on purpose. A guest that did not boot has caught nothing.
run_guest() { vireo guest run $1 --deadline 60 >"$work/log" 2>&1; }

# Both halves of a guest's mutant: it passes without the mistake, and reports a failed check with it.
try_guest() { # name guest patch
  if ! env -u VIREO_TARGETS swift build --product vireo >"$work/log" 2>&1; then
    verdict FAILED "$1: vireo does not build, see .build/mutants/log"
  elif ! run_guest "$2"; then
    verdict FAILED "without any mutant, the guest ($2) fails, see .build/mutants/log"
  else
    patch -d "$copy" -p1 --batch --silent --no-backup-if-mismatch <"$3"
    if run_guest "$2"; then
      verdict FAILED "$1: not caught by the guest ($2)"
    elif grep -q '^not ok ' "$work/log"; then
      verdict ok "$1: caught by the guest ($2)"
    else
      verdict FAILED "$1: does not build or boot, see .build/mutants/log"
    fi
    patch -d "$copy" -p1 -R --batch --silent --no-backup-if-mismatch <"$3"
  fi
}

shopt -s nullglob
patches=()
isDry=
for name in "$@"; do
  if [ "$name" = --applies ]; then isDry=1; continue; fi
  if [ ! -f "Tests/Mutants/$name.patch" ]; then
    echo "no mutant '$name' in Tests/Mutants" >&2
    exit 2
  fi
  patches+=("$root/Tests/Mutants/$name.patch")
done
[ ${#patches[@]} -eq 0 ] && patches=("$root"/Tests/Mutants/*.patch)
if [ ${#patches[@]} -eq 0 ]; then
  echo "no mutants in Tests/Mutants" >&2
  exit 1
fi

# The control: without a mistake all these tests pass, and there are some.
if [ -z "$isDry" ] && grep -q '^Tests: ' "${patches[@]}"; then
  if ! build; then
    echo "the tree does not build, see .build/mutants/log" >&2
    exit 1
  fi
  for filter in $(for patch in "${patches[@]}"; do test_filter "$patch"; done | sort -u); do
    if ! run_tests "$filter" || ! grep -q 'Test run with [1-9][0-9]* test' "$work/log"; then
      verdict FAILED "without any mutant, $filter fails or is empty, see .build/mutants/log"
      exit 1
    fi
  done
fi

for patch in "${patches[@]}"; do
  name=$(basename "$patch" .patch)
  filter=$(test_filter "$patch")
  guest=$(guest_of "$patch")
  begin=$SECONDS
  if [ -z "$filter$guest" ]; then
    verdict FAILED "$name: the first line is no 'Tests: FILTER' and no 'Guest: ARCH MACHINE TRANSPORT'"
  elif ! patch -d "$copy" -p1 --dry-run --batch --silent <"$patch" >/dev/null; then
    verdict FAILED "$name: does not apply any more"
  elif [ -n "$isDry" ]; then
    verdict ok "$name: applies"
  elif [ -n "$guest" ]; then
    try_guest "$name" "$guest" "$patch"
  else
    patch -d "$copy" -p1 --batch --silent --no-backup-if-mismatch <"$patch"
    if ! build; then
      verdict FAILED "$name: does not build, see .build/mutants/log"
      cp "$work/log" "$work/$name.log"
    elif run_tests "$filter"; then
      verdict FAILED "$name: not caught by $filter"
    else
      verdict ok "$name: caught by $filter ($((SECONDS - begin)) s)"
    fi
    patch -d "$copy" -p1 -R --batch --silent --no-backup-if-mismatch <"$patch"
  fi
done
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
