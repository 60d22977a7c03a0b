#!/bin/bash
# Fuzzes each target of `HostileTarget` for MINUTES minutes (default 2), with AddressSanitizer. What is found stays in
# .build/fuzz/findings; a copy in Tests/HostileDeviceTests/Corpus makes it a test.
#
#   [MINUTES=N] fuzz.sh [TARGET...]
set -eu
cd "$(dirname "$0")/.."
flags=(--scratch-path .build/fuzz -c release --product Fuzz -Xswiftc -sanitize=fuzzer,address -Xswiftc -use-ld=lld
  -Xlinker -u -Xlinker LLVMFuzzerRunDriver)
swift build "${flags[@]}" 1>&2
fuzz=$(swift build "${flags[@]}" --show-bin-path)/Fuzz
mkdir -p .build/fuzz/findings
# Inputs are long from the first: a driver is brought up before it can be used. Leaks are not looked for: buffers are
# counted by the runs themselves, and the search after each input takes more time than the input.
options=(-max_total_time=$((60 * ${MINUTES:-2})) -timeout=20 -max_len=4096 -len_control=0 -detect_leaks=0
  -print_final_stats=1)
status=0
for target in ${*:-block console device-tree edid entropy firmware gpu input network pci}; do
  echo "== $target, ${MINUTES:-2} min" >&2
  mkdir -p ".build/fuzz/corpus-$target"
  "$fuzz" "$target" "${options[@]}" -artifact_prefix=".build/fuzz/findings/$target-" ".build/fuzz/corpus-$target" \
    "Tests/HostileDeviceTests/Corpus/$target" || status=1
done
exit $status
