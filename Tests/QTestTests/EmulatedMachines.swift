import Testing

/// All tests that start emulators: one at a time, for a small machine is busy with one. A test case takes a second or
/// so, a few take several; the limits are for what hangs.
@Suite(.serialized, .timeLimit(.minutes(1)), .hangLimit) enum EmulatedMachines {}
