#!/bin/bash
# Everything that CI does, in steps. Each step is one command below; all of them run even if one fails.
set -u
cd "$(dirname "$0")/.."

# A whole module at a time: a quarter less processor time where nothing was built before. (Two threads: SwiftPM expects an
# object for each file.)
strict=(-Xswiftc -warnings-as-errors --explicit-target-dependency-import-check error
  -Xswiftc -whole-module-optimization -Xswiftc -num-threads -Xswiftc 2)
vireo=.build/debug/vireo
summary=()
passed=0
failed=0

# step NAME COMMAND...: runs the command and notes its result and its seconds.
step() {
  local name=$1 begin=$SECONDS result=ok
  shift
  echo "== $name"
  if "$@"; then passed=$((passed + 1)); else result=FAILED failed=$((failed + 1)); fi
  summary+=("$(printf '%-6s %4d s  %s' "$result" $((SECONDS - begin)) "$name")")
}

step 'host build, warnings as errors'    swift build --build-tests "${strict[@]}"
step 'layout, fence, imports, links'     $vireo check tree
step 'conformance page, citations'         $vireo report conformance --check
step 'mutants still apply'                Scripts/mutants.sh --applies
step 'bare-metal builds, three triples'  $vireo guest build --strict
# Before the unit tests: it installs QEMU where it is missing, and they need it.
step 'guests: counted figures'          $vireo guest bench --check --counted --strict
step 'programs that tests need'        Scripts/test-programs.sh
step 'unit tests'                        swift test --parallel "${strict[@]}"
step 'hostile inputs, optimised'         Scripts/corpus.sh "${strict[@]}"
step 'data path: calls, instructions'    Scripts/data-path.sh "${strict[@]}"
step 'guests: golden logs and disks'     $vireo guest test --strict
step 'foreign kernel: builds, reads'     Examples/ForeignKernel/check.sh
step 'README: table of what runs where'  $vireo report support --check

echo
printf '%s\n' "${summary[@]}"
echo "$SECONDS s in all"
echo "$passed passed, $failed failed"
[ $failed -eq 0 ]
