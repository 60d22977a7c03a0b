import Testing

/// All tests that start emulators: one at a time, for a small machine is busy with one. Each takes a second or so, a few
/// take several; the limit is for what hangs.
@Suite(.serialized, .timeLimit(.minutes(1))) enum EmulatedMachines {}
