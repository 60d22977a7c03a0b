public import DevicePlatform
public import Drawing
public import VirtIO

/// Why a GPU did not do what it was asked. What is shown stays as it is, unless the device was reset.
public enum GPUError: Error, Equatable, Sendable {
  /// A surface without pixels, or with a side above 16 384.
  case invalidSize(width: Int, height: Int)
  /// No memory: for a mode of this size, or for an answer.
  case memory(DMAError)
  /// As many surfaces as were asked for at bring-up exist.
  case tooManySurfaces(limit: Int)
  /// The surface was destroyed, or is another device's.
  case surfaceUnknown
  /// The surface is shown, and cannot be destroyed.
  case surfaceShown(scanout: Int)
  /// There is no such scanout.
  case scanoutUnknown(index: Int, count: Int)
  /// Not inside the surface, or without pixels.
  case areaOutside(Rectangle, width: Int, height: Int)
  /// A cursor is 64 by 64 pixels.
  case cursorSize(width: Int, height: Int)
  /// The command needs a feature that was not negotiated; the device was not asked.
  case notNegotiated(FeatureSet)
  /// The queue has no room at the moment; try again after `poll`.
  case busy
  /// The queue did not take the command.
  case refused(SubmissionRefusal)
  /// The device refused the command.
  case rejected(GPUCommand, GPURejection)
  /// The answer has a type that is neither the command's nor an error.
  case unexpectedAnswer(GPUCommand, found: UInt32, expected: UInt32)
  /// The answer is shorter than its type is.
  case answerTooShort(GPUCommand, found: Int, needed: Int)
  /// The answer does not say that the command is complete, which it was asked to.
  case fenceMissing(GPUCommand)
  /// The answer is that of another command.
  case wrongFence(GPUCommand, found: UInt64, expected: UInt64)
  /// A display is enabled and has no pixels, or sides that cannot be.
  case invalidDisplay(index: Int, width: UInt32, height: UInt32)
  /// What the device says about a display makes no sense.
  case edid(EDIDError)
  /// The configuration could not be read.
  case configuration(ConfigurationError)
  /// No answer in time. The device may still carry the command out.
  case timedOut(GPUCommand, status: DeviceStatus)
  /// No answer in time, and nothing there to answer: the device status reads as ones.
  case deviceAbsent
  /// The device asked for a reset, and got it.
  case deviceGaveUp(status: DeviceStatus)
  /// The device broke the rules and was reset.
  case deviceFailed(QueueFault)
  /// The device was reset before.
  case deviceReset

  /// The error in one line: what, which value, what was expected.
  public var words: String {
    switch self {
    case .invalidSize(let width, let height): "a surface of \(width)x\(height), expected sides from 1 to 16384"
    case .memory(let error): error.words
    case .tooManySurfaces(let limit): "there are \(limit) surfaces, as many as were asked for"
    case .surfaceUnknown: "the surface was destroyed, or is another device's"
    case .surfaceShown(let scanout): "the surface is shown on scanout \(scanout)"
    case .scanoutUnknown(let index, let count): "scanout \(index), expected a number below \(count)"
    case .areaOutside(let area, let width, let height):
      "an area of \(area.width)x\(area.height) at \(area.x), \(area.y) of a surface of \(width)x\(height)"
    case .cursorSize(let width, let height): "a cursor of \(width)x\(height), expected 64x64"
    case .notNegotiated(let features): "this needs feature bits \(features.hexadecimal), which were not negotiated"
    case .busy: "the queue is full"
    case .refused(let refusal): refusal.words
    case .rejected(let command, let rejection):
      "the device refused to \(command.words): \(rejection.words)"
    case .unexpectedAnswer(let command, let found, let expected):
      "answer \(hex(UInt64(found))) when asked to \(command.words), expected \(hex(UInt64(expected)))"
    case .answerTooShort(let command, let found, let needed):
      "an answer of \(found) bytes when asked to \(command.words), expected \(needed)"
    case .fenceMissing(let command): "an answer without its fence when asked to \(command.words)"
    case .wrongFence(let command, let found, let expected):
      "an answer with fence \(found) when asked to \(command.words), expected \(expected)"
    case .invalidDisplay(let index, let width, let height):
      "display \(index) is enabled with \(width)x\(height), expected sides from 1 to 16384"
    case .edid(let error): error.words
    case .configuration(let error): error.words
    case .timedOut(let command, let status):
      "no answer in time when asked to \(command.words), device status \(status.rawValue)"
    case .deviceAbsent: BringupError.deviceAbsent.words
    case .deviceGaveUp(let status): "the device asked for a reset: device status \(status.rawValue)"
    case .deviceFailed(let fault): fault.words
    case .deviceReset: "the device was reset and does nothing more"
    }
  }

  /// The label of the spec's clause that this is about; nil where there is none.
  public var clause: String? {
    switch self {
    case .fenceMissing, .wrongFence:
      "devicenormative:Device Types / GPU Device / Device Operation / Device Operation: Command lifecycle and fencing"
    case .deviceFailed(let fault): fault.clause
    case .configuration(let error): error.clause
    case .notNegotiated: "drivernormative:Basic Facilities of a Virtio Device / Feature Bits"
    default: nil
    }
  }
}

/// A number as `0x1f`, for messages.
func hex(_ value: UInt64) -> String { "0x" + String(value, radix: 16) }
