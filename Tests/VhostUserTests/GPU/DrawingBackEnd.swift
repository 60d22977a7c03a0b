import Glibc
import Pictures
import Synchronization
import Testing
import VhostUser
import VirtIO
import VirtualMachine

/// QEMU's `vhost-user-gpu` with displays, whose pictures are looked at. Nothing of it has a path; its process goes with this
/// object.
final class DrawingBackEnd: Sendable {
  let display: VhostUserDisplay
  let device: VhostUserDevice
  private let daemon: DaemonBox

  /// It would hand its pictures over in buffers of the kernel's where it can make such, which displays here do not take.
  // A string that lives as long as the call.
  static let canSharePictures = unsafe access("/dev/udmabuf", R_OK | W_OK) == 0

  private final class DaemonBox: Sendable {
    let daemon = Mutex<GPUDaemon?>(nil)
  }

  /// - Parameters:
  ///   - modes: the displays.
  ///   - hasDisplay: false for a front-end that forgets to tell the back-end of them.
  init(
    _ modes: [DisplayMode?] = [DisplayMode(width: 640, height: 480)], as type: DeviceType = .gpu,
    hasDisplay: Bool = true, _ change: (inout VhostUserOptions) -> Void = { _ in }
  ) throws {
    let box = DaemonBox()
    display = VhostUserDisplay(modes)
    var options = VhostUserOptions()
    options.memoryByteCount = 32 << 20
    options.display = hasDisplay ? display : nil
    change(&options)
    daemon = box
    device = try VhostUserDevice(name: "vhost-user-gpu", type: type, options: options) {
      () throws(VhostUserError) in
      do throws(VirtualMachineError) {
        let daemon = try GPUDaemon()
        box.daemon.withLock { $0 = daemon }
        return daemon.takeConnection() ?? -1
      } catch {
        throw .system(doing: "starting vhost-user-gpu: \(error)", errno: ECHILD)
      }
    }
  }

  var process: ChildProcess? { daemon.daemon.withLock { $0?.process } }

  /// What is on a display.
  func screen(_ index: Int = 0) throws -> Screenshot {
    let picture = try #require(display.picture(ofScanout: index), "nothing on display \(index)")
    return Screenshot(width: picture.width, height: picture.height, words: picture.pixels)
  }
}
