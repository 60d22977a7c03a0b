#!/bin/bash
# Everything that CI does, in steps. Each step is one command below; all of them run even if one fails. Steps stand in lanes,
# two at a time, as the tests wait for emulators most of the time, and compilers do not; each line of output names its lane.
set -u
cd "$(dirname "$0")/.."

# A whole module at a time, and its interface in the same go: less processor time where nothing was built before. (Two
# threads: SwiftPM expects an object for each file.) The index is there for SwiftPM to find tests; nobody looks up what is in
# the toolchain.
strict=(-Xswiftc -warnings-as-errors --explicit-target-dependency-import-check error
  -Xswiftc -whole-module-optimization -Xswiftc -num-threads -Xswiftc 2
  -Xswiftc -no-emit-module-separately-wmo -Xswiftc -index-ignore-system-modules)
vireo=.build/debug/vireo
work=$(mktemp -d)
lanes=()
# Each lane is a process group of its own (-m), so that its end is the end of all that it started.
set -m
finish() {
  local lane
  for lane in "${lanes[@]}"; do kill -TERM -- "-$lane" 2>/dev/null; done
  rm -rf "$work"
}
trap finish EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

# step NAME COMMAND...: runs the command, and notes its result and its seconds; of a failure, also what it said of it.
step() {
  local name=$1 begin=$SECONDS result=ok output
  shift
  echo "== $name"
  output=$(mktemp -p "$work")
  "$@" 2>&1 | tee "$output"
  [ "${PIPESTATUS[0]}" -eq 0 ] || result=FAILED
  printf '%-6s %4d s  %s\n' "$result" $((SECONDS - begin)) "$name" | tee -a "$work/results"
  if [ $result = FAILED ]; then
    {
      echo "== $name"
      grep -E -A 3 '✘|error: |^FAILED|^not ok' "$output" || tail -n 20 "$output"
    } | cut -c 1-300 | head -n 60 >> "$work/failures"
  fi
  rm "$output"
}

# lane NAME: runs the function NAME_steps beside what else goes on.
lane() {
  {
    set -o pipefail
    "$1_steps" </dev/null 2>&1 | sed -u "s/^/$1 | /"
  } &
  lanes+=($!)
}

# meet: waits for all lanes. One that did not come to its end has steps that nobody heard of: that is a failure, too.
meet() {
  local lane
  for lane in "${lanes[@]}"; do
    wait "$lane" || printf '%-6s %4d s  %s\n' FAILED $SECONDS 'a lane ended before its last step' | tee -a "$work/results"
  done
  lanes=()
}

host_steps() {
  step 'host build, warnings as errors'    swift build --build-tests "${strict[@]}"
  step 'layout, fence, imports, links'     $vireo check tree
  step 'conformance page, citations'       $vireo report conformance --check
  step 'mutants still apply'               Scripts/mutants.sh --applies
}

programs_steps() {
  step 'programs that tests need'          Scripts/test-programs.sh
}

guests_steps() {
  step 'bare-metal builds, three triples'  $vireo guest build --strict
  touch "$work/kernels"
  step 'guests: counted figures'           $vireo guest bench --check --counted --skip-build
  step 'guests: golden logs and disks'     $vireo guest test --skip-build
  step 'README: table of what runs where'  $vireo report support --check
}

# The data path is looked at in the kernels too, which the other lane builds in minutes.
data_path() {
  local end=$((SECONDS + 3600))
  until [ -e "$work/kernels" ]; do
    if [ $SECONDS -ge $end ]; then
      echo 'the kernels were not built within an hour' >&2
      return 1
    fi
    sleep 1
  done
  Scripts/data-path.sh "${strict[@]}"
}

tests_steps() {
  step 'unit tests'                        swift test --skip-build --parallel "${strict[@]}"
  step 'hostile inputs, optimised'         Scripts/corpus.sh "${strict[@]}"
  step 'foreign kernel: builds, reads'     Examples/ForeignKernel/check.sh
  step 'data path: calls, instructions'    data_path
}

lane host
lane programs
meet
lane guests
lane tests
meet

echo
cat "$work/failures" 2>/dev/null
cat "$work/results"
passed=$(grep -c '^ok' "$work/results")
failed=$(grep -c '^FAILED' "$work/results")
echo "$SECONDS s in all"
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
