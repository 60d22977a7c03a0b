#!/bin/bash
# Mutants: known mistakes, kept as patches in Tests/Mutants. Each is applied to a copy of the tree, built, and must be
# caught by the tests that its first line names ("Tests: FILTER"). A patch that no longer applies is a failure, and so
# is one that does not build: a mutant that cannot run proves nothing.
#
#   mutants.sh            all of them
#   mutants.sh NAME...    some of them
#   mutants.sh --applies  only whether all patches apply (seconds; part of `make test`)
set -u
cd "$(dirname "$0")/.."
root=$PWD
work=$root/.build/mutants
copy=$work/tree
# What mutants are made of, and the tests that catch them: nothing else is built.
export VIREO_TARGETS=VhostUserTests,VirtqueueStorageTests,VirtIOTests,VirtIOMMIOTests,VirtIOPCITests,VirtIOBlockTests,VirtIOEntropyTests
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
if [ -z "$isDry" ]; then
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
  begin=$SECONDS
  if [ -z "$filter" ]; then
    verdict FAILED "$name: the first line is no 'Tests: FILTER'"
  elif ! patch -d "$copy" -p1 --dry-run --batch --silent <"$patch" >/dev/null; then
    verdict FAILED "$name: does not apply any more"
  elif [ -n "$isDry" ]; then
    verdict ok "$name: applies"
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
