/// How a kernel ends, told to whoever started the machine.
///
/// On aarch64 and riscv64 QEMU exits with `rawValue`. On x86_64 its debug exit device can only produce odd numbers:
/// QEMU exits with `2 * rawValue + 33`. So 1 (QEMU's own errors) never comes from a kernel, and on x86_64 nor does
/// 0, with which QEMU answers a triple fault under `-no-reboot`.
public struct ExitStatus: Equatable, Sendable {
  /// 0 ... 40, but not 1.
  public let rawValue: UInt8

  /// A status of the kernel's own, 4 ... 40. Anything else becomes `failure`.
  public init(_ value: UInt8) { rawValue = (4...40).contains(value) ? value : Self.failure.rawValue }

  private init(known value: UInt8) { rawValue = value }

  /// All went well: 0 (x86_64: 33).
  public static let success = ExitStatus(known: 0)
  /// Something failed, and the kernel said what: 2 (x86_64: 37).
  public static let failure = ExitStatus(known: 2)
  /// An exception that nobody handled: 3 (x86_64: 39).
  public static let exception = ExitStatus(known: 3)

  /// What QEMU exits with on x86_64.
  public var debugExitStatus: UInt8 { 2 * rawValue + 33 }
  /// What has to be written to the debug exit device: QEMU exits with twice that and one.
  var debugExitValue: UInt32 { UInt32(rawValue) + 16 }
}
