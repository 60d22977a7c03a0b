/// Which generations of MMIO devices a caller wants to drive.
public enum MMIOVersionPolicy: Sendable {
  /// Version 1 (legacy) and version 2.
  case any
  /// Version 2 only, as the spec demands of a driver without legacy support.
  case modernOnly
}
