import CTapNetwork
import Glibc
import QTest
import Testing
import VirtualMachine

/// A network that nobody else is in: the kernel at one end of a tap device, an emulated card at the other. Nothing in it
/// reaches any other network, and it goes with this object and the emulator.
final class TapNetwork {
  /// The device's queues, for the emulator.
  let queues: [TapQueue]
  private let socket: Int32

  /// The kernel's end of the tap device.
  static let host = Station(card: [2, 0, 0, 0, 0, 1], address: [192, 0, 2, 1], port: 4000)
  /// The emulated card, which the kernel does not have to ask for.
  static let guest = Station(card: [0x52, 0x54, 0, 0x12, 0x34, 0x56], address: [192, 0, 2, 2], port: 5000)
  /// Somebody who is not there: what he sent to the guest, the kernel forwards.
  static let stranger = Station(card: guest.card, address: [192, 0, 2, 3], port: 6000)

  /// Why there can be none here.
  struct Obstacle: Error, CustomStringConvertible {
    let step: String
    let errno: Int32
    var description: String {
      "\(step): \(unsafe String(cString: strerror(errno))); this needs /dev/net/tun and either root or"
        + " `unshare --user --map-root-user` in front of the test"
    }
  }

  /// Why no test can have such a network; nil where they can.
  static let obstacle: Obstacle? = {
    do throws(Obstacle) {
      _ = try TapNetwork()
      return nil
    } catch {
      return error
    }
  }()

  init(queueCount: Int = 1) throws(Obstacle) {
    var network = unsafe tap_network()
    let (host, guest) = (Self.host, Self.guest)
    // Arrays as long as the addresses are; the structure is a local variable.
    let result = unsafe tap_network_make(
      &network, Int32(queueCount), host.card, host.address, host.port, guest.address, guest.card)
    guard result == 0 else { throw Obstacle(step: unsafe String(cString: network.failure), errno: -result) }
    socket = unsafe network.socket
    let all = unsafe network.queues
    queues = [all.0, all.1, all.2, all.3, all.4, all.5, all.6, all.7].prefix(queueCount).map { TapQueue($0) }
  }

  deinit { close(socket) }

  /// The device, for `-netdev`, where its queues are the machine's first files.
  var backend: String {
    let files = queues.indices.map { "\(QTestMachine.descriptor(ofFile: $0))" }
    return "tap,id=net0,vhost=off,\(files.count > 1 ? "fds" : "fd")=\(files.joined(separator: ":"))"
  }

  /// A datagram that the kernel found no fault with.
  struct Arrival: Equatable {
    let port: UInt16
    let payload: [UInt8]
  }

  /// The next datagram for the host's port, if it is there.
  func receive() -> Arrival? {
    var bytes = [UInt8](repeating: 0, count: 2048)
    var port: UInt16 = 0
    // As many bytes as the array has.
    let count = unsafe tap_network_receive(socket, &bytes, Int32(bytes.count), &port)
    return count < 0 ? nil : Arrival(port: port, payload: Array(bytes[..<Int(count)]))
  }

  /// Sends a datagram from the host to a port of the guest.
  func send(_ payload: [UInt8], port: UInt16) throws {
    // As many bytes as the array has.
    let result = unsafe tap_network_send(socket, payload, Int32(payload.count), Self.guest.address, port)
    guard result == 0 else { throw VirtualMachineError.system(doing: "sending a datagram", errno: -result) }
  }
}

/// One queue of a tap device.
final class TapQueue: InheritedFile {
  let descriptor: Int32
  init(_ descriptor: Int32) { self.descriptor = descriptor }
  deinit { close(descriptor) }
}

/// Somebody on the network.
struct Station {
  let card: [UInt8]
  let address: [UInt8]
  let port: UInt16
}

extension Trait where Self == ConditionTrait {
  /// Only where a network of the test's own can be made; elsewhere the test is skipped, with the reason.
  static var ownNetwork: Self {
    .enabled(if: TapNetwork.obstacle == nil, Comment(rawValue: TapNetwork.obstacle?.description ?? ""))
  }
}
