import CFuzz
import Glibc
import HostileDevice

// `fuzz TARGET [libFuzzer's arguments]`: a driver against a device whose every decision the fuzzer draws. A finding ends
// the program, so that the fuzzer keeps the input.

// The string is a C string for the time of the call.
func say(_ words: String) { unsafe write(2, words + "\n", words.utf8.count + 1) }

guard CommandLine.arguments.count > 1, let target = HostileTarget(rawValue: CommandLine.arguments[1]) else {
  say("usage: fuzz \(HostileTarget.allCases.map(\.rawValue).joined(separator: "|")) [ARGUMENT...]")
  exit(64)
}
// The fuzzer's callback has no context to carry it in.
unsafe setenv("VIREO_FUZZ_TARGET", target.rawValue, 1)

/// False when the program was built without the fuzzer.
func fuzz() -> Bool {
  // libFuzzer gets the program's name and what follows the target.
  var count = CommandLine.argc - 1
  var arguments: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>? = unsafe CommandLine.unsafeArgv + 1
  unsafe arguments?[0] = unsafe CommandLine.unsafeArgv[0]
  return unsafe cfuzz_run(&count, &arguments) { bytes, count in
    // Set above, and by nobody else.
    let name = unsafe getenv("VIREO_FUZZ_TARGET").map { unsafe String(cString: $0) } ?? ""
    // The fuzzer's buffer, for the time of this call.
    let input = unsafe Array(UnsafeBufferPointer(start: bytes, count: count))
    let findings = (HostileTarget(rawValue: name) ?? .block).run(input)
    for finding in findings { say("finding: \(finding)") }
    if !findings.isEmpty { abort() }
    return 0
  }
}

/// Runs the inputs of these files, once each; false when one of them finds something.
func run(_ files: some Sequence<String>) -> Bool {
  var isFine = true
  for file in files {
    guard let stream = unsafe fopen(file, "r") else {
      say("fuzz: cannot read \(file)")
      exit(66)
    }
    var input = [UInt8](repeating: 0, count: 1 << 16)
    // The array's memory, for the time of this call.
    let count = unsafe input.withUnsafeMutableBytes { unsafe fread($0.baseAddress, 1, $0.count, stream) }
    unsafe fclose(stream)
    for finding in target.run(Array(input.prefix(count))) {
      say("finding: \(file): \(finding)")
      isFine = false
    }
  }
  return isFine
}

if !fuzz() {
  // Built without the fuzzer, which `Scripts/fuzz.sh` does not do.
  guard CommandLine.arguments.count > 2 else {
    say("usage without the fuzzer: fuzz TARGET FILE...")
    exit(64)
  }
  exit(run(CommandLine.arguments.dropFirst(2)) ? 0 : 1)
}
