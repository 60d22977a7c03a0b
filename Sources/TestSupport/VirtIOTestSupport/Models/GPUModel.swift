import DevicePlatform
import VirtIO

/// The back-end of a GPU: resources, scanouts and cursors in two dimensions, and screens to look at. Numbers are written
/// out here because the driver's constants are under test.
///
/// SPEC: Device Types / GPU Device / Device Operation / Device Operation: controlq
public final class GPUModel {
  /// An image that the device has.
  public struct Resource {
    /// In pixels.
    public var width: Int, height: Int
    /// The number of its format.
    public var format: UInt32
    /// Its memory, if any is attached.
    public var backing: (address: UInt64, byteCount: Int)?
    /// Four bytes a pixel, as they were transferred.
    public var image: [UInt8]
  }

  /// What a scanout shows.
  public struct Scanout {
    /// The resource's number; 0 for none.
    public var resource: UInt32 = 0
    /// Which part of it: x, y, width, height.
    public var area: [Int] = [0, 0, 0, 0]
    /// What somebody sees: four bytes a pixel, as of the last flush.
    public var screen: [UInt8] = []
    /// The cursor's resource, place and hot spot; nil for none.
    public var cursor: (resource: UInt32, x: UInt32, y: UInt32, hotX: UInt32, hotY: UInt32)?
  }

  /// Resources by number.
  public private(set) var resources: [UInt32: Resource] = [:]
  /// Scanouts by number.
  public private(set) var scanouts: [Scanout]
  /// Commands so far, by their numbers.
  public private(set) var commands: [UInt32] = []
  /// Bytes that were transferred so far.
  public private(set) var transferredByteCount = 0
  /// What displays are told to be: x, y, width, height, enabled.
  public var displays: [[UInt32]]
  /// The description that is told of each display.
  public var edid: [UInt8] = []
  /// The size that is told of it, if not the true one.
  public var edidSize: UInt32?
  /// Called with the answer that is due, to make another one of it.
  public var onAnswer: ((UInt32, [UInt8]) -> ScriptedReply)?
  /// The most bytes that resources may have together.
  public var memoryLimit = 256 << 20
  /// The device.
  public let device: ScriptedDevice

  /// A device with this model behind its queues.
  public init(
    scanouts count: Int = 1, features: FeatureSet = [FeatureSet(bit: 1), FeatureSet(bit: 28), FeatureSet(bit: 29)],
    queueSize: UInt32 = 64, told: UInt32? = nil, heap: DeviceHeap
  ) {
    scanouts = Array(repeating: Scanout(), count: count)
    displays = (0..<16).map { $0 == 0 ? [0, 0, 1280, 800, 1] : [0, 0, 0, 0, 0] }
    let configuration = [0, 0, told ?? UInt32(count), 0].flatMap { BlockModel.little(UInt64($0), 4) }
    device = ScriptedDevice(
      type: .gpu, features: features, queueSizes: [queueSize, 16], configuration: configuration, heap: heap)
    device.configurationFields = [0: 4, 4: 4, 8: 4, 12: 4]
    device.trace.isOn = false
    device.onConfigurationWrite = { [unowned device] range in
      if range != 4..<8 { device.record("gpu: configuration written at \(range)") }
      for index in 0..<4 { device.configuration[index] &= ~device.configuration[4 + index] }
      for index in 4..<8 { device.configuration[index] = 0 }
    }
    device.setHandler(queue: 0) { [unowned self] request, _ in self.answer(request) }
    device.setHandler(queue: 1) { [unowned self] request, _ in self.point(request) }
  }

  /// Displays have changed: tells the driver.
  public func raiseDisplayEvent() { device.changeConfiguration(at: 0, to: [1, 0, 0, 0]) }

  /// The pixel of a scanout's screen, as the word that its four bytes are, little-endian; nil when nothing is shown.
  public func pixel(_ x: Int, _ y: Int, scanout: Int = 0) -> UInt32? {
    let (screen, width) = (scanouts[scanout].screen, scanouts[scanout].area[2])
    let place = 4 * (y * width + x)
    guard screen.indices.contains(place), x < width else { return nil }
    return UInt32(word(screen, place))
  }

  private func word(_ bytes: [UInt8], _ offset: Int) -> UInt32 {
    (0..<4).reduce(0) { $0 | UInt32(bytes[offset + $1]) << UInt32(8 * $1) }
  }

  private func answer(_ request: ScriptedRequest) -> ScriptedReply {
    let bytes = request.readable
    guard bytes.count >= 24, request.writableByteCount >= 24 else {
      device.record("gpu: a command of \(bytes.count) bytes with room for \(request.writableByteCount)")
      return ScriptedReply()
    }
    let type = word(bytes, 0)
    commands.append(type)
    if word(bytes, 4) & ~1 != 0 { device.record("gpu: flags \(word(bytes, 4))") }
    if word(bytes, 16) != 0 || word(bytes, 20) != 0 { device.record("gpu: a context without 3D") }
    let needed: [UInt32: (Int, Int)] = [
      0x100: (24, 408), 0x101: (40, 24), 0x102: (32, 24), 0x103: (48, 24), 0x104: (48, 24), 0x105: (56, 24),
      0x106: (48, 24), 0x107: (32, 24), 0x10a: (32, 1056),
    ]
    guard let (readable, writable) = needed[type] else { return reply(bytes, 0x1200) }
    if bytes.count < readable || request.writableByteCount != writable {
      device.record("gpu: command \(type) of \(bytes.count) bytes with room for \(request.writableByteCount)")
    }
    return reply(bytes, run(type, (0..<10).map { word(bytes, 24 + 4 * $0) }))
  }

  private var data: [UInt8] = []

  private func reply(_ request: [UInt8], _ type: UInt32) -> ScriptedReply {
    let isFenced = word(request, 4) & 1 != 0
    let head =
      BlockModel.little(UInt64(type), 4) + BlockModel.little(isFenced ? 1 : 0, 4)
      + (isFenced ? Array(request[8..<16]) : [UInt8](repeating: 0, count: 8)) + [UInt8](repeating: 0, count: 8)
    let answer = head + data
    data = []
    return onAnswer?(word(request, 0), answer) ?? ScriptedReply(bytes: answer)
  }

  /// Carries a command out; returns the answer's type, and leaves its data.
  private func run(_ type: UInt32, _ body: [UInt32]) -> UInt32 {
    let rectangle = body[..<4].map { Int($0) }
    switch type {
    case 0x100:
      data = displays.flatMap { ($0 + [0]).flatMap { BlockModel.little(UInt64($0), 4) } }
      return 0x1101
    case 0x101:
      let (id, width, height) = (body[0], Int(body[2]), Int(body[3]))
      if id == 0 || resources[id] != nil { return 0x1203 }
      guard [1, 2, 3, 4, 67, 68, 121, 134].contains(body[1]), width > 0, height > 0 else { return 0x1205 }
      let used = resources.values.reduce(0) { $0 + $1.image.count }
      guard 4 * width * height <= memoryLimit - used else { return 0x1201 }
      resources[id] = Resource(
        width: width, height: height, format: body[1], image: [UInt8](repeating: 0, count: 4 * width * height))
    case 0x102:
      guard resources.removeValue(forKey: body[0]) != nil else { return 0x1203 }
      for index in scanouts.indices where scanouts[index].resource == body[0] { scanouts[index] = Scanout() }
    case 0x103:
      guard Int(body[4]) < scanouts.count else { return 0x1202 }
      if body[5] == 0 {
        scanouts[Int(body[4])] = Scanout()
        return 0x1100
      }
      guard let resource = resources[body[5]] else { return 0x1203 }
      guard fits(rectangle, resource) else { return 0x1205 }
      scanouts[Int(body[4])].resource = body[5]
      scanouts[Int(body[4])].area = rectangle
      scanouts[Int(body[4])].screen = [UInt8](repeating: 0, count: 4 * rectangle[2] * rectangle[3])
    case 0x104:
      guard let resource = resources[body[4]] else { return 0x1203 }
      guard fits(rectangle, resource) else { return 0x1205 }
      flush(body[4], resource, rectangle)
    case 0x105: return transfer(rectangle, offset: Int(body[4]) | Int(body[5]) << 32, body[6])
    case 0x106:
      guard resources[body[0]] != nil else { return 0x1203 }
      if resources[body[0]]?.backing != nil || body[1] != 1 { return 0x1200 }
      resources[body[0]]?.backing = (UInt64(body[2]) | UInt64(body[3]) << 32, Int(body[4]))
    case 0x107:
      guard resources[body[0]]?.backing != nil else { return 0x1203 }
      resources[body[0]]?.backing = nil
    default:
      guard Int(body[0]) < scanouts.count else { return 0x1202 }
      data = BlockModel.little(UInt64(edidSize ?? UInt32(edid.count)), 4) + [0, 0, 0, 0] + edid
      data += [UInt8](repeating: 0, count: 1032 - data.count)
      return 0x1104
    }
    return 0x1100
  }

  private func fits(_ area: [Int], _ resource: Resource) -> Bool {
    area[2] > 0 && area[3] > 0 && area[0] + area[2] <= resource.width && area[1] + area[3] <= resource.height
  }

  private func transfer(_ area: [Int], offset: Int, _ id: UInt32) -> UInt32 {
    guard let resource = resources[id], let backing = resource.backing else { return 0x1203 }
    guard fits(area, resource) else { return 0x1205 }
    for row in 0..<area[3] {
      let source = offset + 4 * resource.width * row
      guard source >= 0, source + 4 * area[2] <= backing.byteCount else {
        device.record("gpu: a transfer from behind the memory")
        return 0x1205
      }
      do {
        let bytes = try device.heap.read(backing.address + UInt64(source), byteCount: 4 * area[2])
        let target = 4 * ((area[1] + row) * resource.width + area[0])
        resources[id]?.image.replaceSubrange(target..<target + bytes.count, with: bytes)
        transferredByteCount += bytes.count
      } catch {
        device.record("gpu: \(error)")
        return 0x1200
      }
    }
    return 0x1100
  }

  private func flush(_ id: UInt32, _ resource: Resource, _ area: [Int]) {
    for index in scanouts.indices where scanouts[index].resource == id {
      let shown = scanouts[index].area
      for y in max(area[1], shown[1])..<max(area[1], shown[1], min(area[1] + area[3], shown[1] + shown[3])) {
        for x in max(area[0], shown[0])..<max(area[0], shown[0], min(area[0] + area[2], shown[0] + shown[2])) {
          let (source, target) = (4 * (y * resource.width + x), 4 * ((y - shown[1]) * shown[2] + x - shown[0]))
          for byte in 0..<4 { scanouts[index].screen[target + byte] = resource.image[source + byte] }
        }
      }
    }
  }

  /// SPEC: Device Types / GPU Device / Device Operation / Device Operation: cursorq
  private func point(_ request: ScriptedRequest) -> ScriptedReply {
    let bytes = request.readable
    guard bytes.count >= 56 else {
      device.record("gpu: a cursor command of \(bytes.count) bytes")
      return ScriptedReply()
    }
    let type = word(bytes, 0)
    commands.append(type)
    let body = (0..<8).map { word(bytes, 24 + 4 * $0) }
    guard Int(body[0]) < scanouts.count else {
      device.record("gpu: a cursor on scanout \(body[0])")
      return ScriptedReply()
    }
    switch type {
    case 0x300 where body[4] == 0: scanouts[Int(body[0])].cursor = nil
    case 0x300:
      if resources[body[4]].map({ $0.width == 64 && $0.height == 64 }) != true {
        device.record("gpu: a cursor that is not 64 by 64")
      }
      scanouts[Int(body[0])].cursor = (body[4], body[1], body[2], body[5], body[6])
    case 0x301:
      // No clause has it so, but QEMU's devices do.
      if body[4] == 0 { scanouts[Int(body[0])].cursor = nil }
      scanouts[Int(body[0])].cursor?.x = body[1]
      scanouts[Int(body[0])].cursor?.y = body[2]
    default: device.record("gpu: command \(type) on the cursors' queue")
    }
    return ScriptedReply()
  }
}
