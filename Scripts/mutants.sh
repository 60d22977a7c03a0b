#!/bin/bash
# Mutants: known mistakes, kept as patches in Tests/Mutants. Each is applied to a copy of the tree, built, and must be
# caught by the tests that its first line names ("Tests: FILTER"). A patch that no longer applies is a failure, and so
# is one that does not build: a mutant that cannot run proves nothing.
#
#   mutants.sh            all of them
#   mutants.sh --applies  only whether all patches apply (seconds; part of `make test`)
set -u
cd "$(dirname "$0")/.."
root=$PWD
copy=$root/.build/mutants/tree
passed=0
failed=0

verdict() { # ok|FAILED, words
  echo "$1: $2"
  if [ "$1" = ok ]; then passed=$((passed + 1)); else failed=$((failed + 1)); fi
}

# A fresh copy of everything that git knows, as it is in the working folder.
rm -rf "$copy"
mkdir -p "$copy"
git ls-files -z | tar --null --ignore-failed-read -T - -cf - 2>/dev/null | tar -xf - -C "$copy"

test_filter() { sed -n '1s/^Tests: //p' "$1"; }
run_tests() { # filter
  (cd "$copy" && SWIFT_BACKTRACE=enable=no timeout -k 10 600 swift test --filter "$1") >"$root/.build/mutants/log" 2>&1
}

shopt -s nullglob
patches=("$root"/Tests/Mutants/*.patch)
if [ ${#patches[@]} -eq 0 ]; then
  echo "no mutants in Tests/Mutants" >&2
  exit 1
fi

for patch in "${patches[@]}"; do
  name=$(basename "$patch" .patch)
  filter=$(test_filter "$patch")
  if [ -z "$filter" ]; then
    verdict FAILED "$name: the first line is no 'Tests: FILTER'"
  elif ! patch -d "$copy" -p1 --dry-run --batch --silent <"$patch" >/dev/null; then
    verdict FAILED "$name: does not apply any more"
  elif [ "${1-}" = --applies ]; then
    verdict ok "$name: applies"
  else
    # The control: without the mistake the same tests pass.
    if ! run_tests "$filter"; then
      verdict FAILED "$name: $filter fails without the mutant, see .build/mutants/log"
      continue
    fi
    patch -d "$copy" -p1 --batch --silent <"$patch"
    if ! (cd "$copy" && swift build --build-tests) >"$root/.build/mutants/log" 2>&1; then
      verdict FAILED "$name: does not build, see .build/mutants/log"
    elif run_tests "$filter"; then
      verdict FAILED "$name: not caught by $filter"
    else
      verdict ok "$name: caught by $filter"
    fi
    patch -d "$copy" -p1 -R --batch --silent <"$patch"
  fi
done
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
