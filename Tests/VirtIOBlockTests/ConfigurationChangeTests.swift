import DevicePlatform
import Testing
import VirtIO
import VirtIOBlock
import VirtIOTestSupport

struct ConfigurationChangeTests {
  @Test(arguments: [false, true])
  func resize_isToldByInterrupt_andTakenOver(isLegacy: Bool) throws {
    let disk = Disk(sectors: 64, isLegacy: isLegacy)
    var device = try disk.bringUp()
    let line = device.makeInterruptHandle()
    let isUnchanged = try device.refreshGeometry()
    #expect(!isUnchanged)

    disk.model.resize(sectors: 128, on: disk.device)
    #expect(line.handleInterrupt())
    #expect(device.mailbox.take() == .configurationChanged)
    #expect(device.geometry.sectorCount == 64)
    let isChanged = try device.refreshGeometry()
    #expect(isChanged)
    #expect(device.geometry.sectorCount == 128)

    var waiter = TestWaiter()
    var buffer = try disk.memory.allocate(byteCount: 512)
    try device.read(sector: 127, into: &buffer, waiter: &waiter)
    #expect(disk.device.violations == [])
  }

  @Test func impossibleChange_isRefused_andTheOldGeometryStays() throws {
    let disk = Disk(sectors: 64)
    var device = try disk.bringUp()
    disk.configure(at: 20, 0, byteCount: 4)
    var error: ConfigurationError?
    do throws(ConfigurationError) { try device.refreshGeometry() } catch let caught { error = caught }
    #expect(error == .invalid(field: ConfigurationField("blk_size"), value: 0))
    #expect(device.geometry.sectorCount == 64 && device.geometry.blockByteCount == 512)
  }
}
