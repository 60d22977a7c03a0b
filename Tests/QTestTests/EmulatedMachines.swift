import Testing

/// All tests that start emulators: one at a time, for a small machine is busy with one.
@Suite(.serialized) enum EmulatedMachines {}
