import DeviceManager
import OutsideDriver
import Testing
import VirtIO
import VirtIOTestSupport

/// A driver that the package does not know, registered beside its own.
@Suite struct OutsideDriverTests {
  /// Keeps what it gets to know of.
  private final class Owner: BalloonUser {
    private(set) var balloons: [any BalloonOperations] = []
    func use(_ balloon: any BalloonOperations) { balloons.append(balloon) }
  }

  @Test func balloonsOnTwoTransports_growAsTheirDevicesAsk() throws {
    let computer = Computer()
    let owner = Owner()
    #expect(computer.mmioDrivers.register(BalloonDriver(user: owner)))
    #expect(computer.pciDrivers.register(BalloonDriver(user: owner)))
    var frames: [[UInt32]] = [[], []]
    let devices = (0..<2).map { _ in
      ScriptedDevice(
        type: .balloon, queueSizes: [8, 8], configuration: [3, 0, 0, 0, 0, 0, 0, 0], heap: computer.heap)
    }
    for (index, device) in devices.enumerated() {
      device.setHandler(queue: 0) { request, _ in
        frames[index].append(
          request.readable.enumerated().reduce(0) { $0 | UInt32($1.element) << UInt32(8 * $1.offset) })
        return ScriptedReply()
      }
    }
    try computer.start(devices)
    #expect(computer.manager.entries.map { $0.name } == ["balloon0", "balloon1"])
    #expect(owner.balloons.count == 2)
    for balloon in owner.balloons {
      #expect(balloon.wantedPageCount == 3)
      #expect(balloon.inflate() == nil)
      #expect(balloon.pageCount == 3)
    }
    for list in frames { #expect(Set(list).count == 3) }
    for name in ["balloon0", "balloon1"] {
      #expect(try computer.manager.diagnose(name) == .healthy(done: 3, underWay: 0))
    }
    #expect(computer.violations == [])
  }

  @Test func balloonOfThePackagesOwnDrivers_isNobodys() throws {
    let computer = Computer()
    try computer.start([ScriptedDevice(type: .balloon, queueSizes: [8, 8], heap: computer.heap)])
    #expect(computer.manager.entries.isEmpty)
    #expect(computer.manager.undriven.count == 1)
  }
}
