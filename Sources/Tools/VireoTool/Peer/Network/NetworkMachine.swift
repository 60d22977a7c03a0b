// The same emulated machine and the same wire for two guests.

import VirtualMachine

/// Boots one guest or the other on a PC with one VirtIO network card on PCI.
struct NetworkMachine {
  enum Guest: CaseIterable {
    case ours, linux
  }

  let peer: LinuxPeer
  /// Our kernel's file.
  let kernel: String

  /// Boots; the guest is ready for loads.
  ///
  /// - Parameter countsInstructions: it is slower then.
  func boot(_ guest: Guest, countsInstructions: Bool) throws -> NetworkGuest {
    let counter = countsInstructions ? try InstructionCounter(peer) : nil
    let files = try counter?.files ?? [MemoryFile(byteCount: 0)]
    let wire = try FrameWire(mark: WireFrame.mark)
    let combination = PeerMachine.combination
    var arguments: [String]
    switch guest {
    case .ours:
      var devices = GuestDevices()
      devices.own = []
      arguments =
        EmulatorCommand(
          combination: combination, kernelPath: kernel, scratchPath: "", devices: devices, shell: .none,
          kernelWords: ["vireo.frames=1"]
        ).arguments
    case .linux: arguments = peer.arguments(word: "frames=1")
    }
    arguments += [
      "-netdev", "stream,id=net0,addr.type=fd,addr.str=\(Emulator.descriptor(ofFile: files.count))", "-device",
      "virtio-net-pci,addr=1,netdev=net0,mac=52:54:00:00:00:01,romfile=",
    ]
    arguments += counter?.arguments ?? ["-D", Emulator.path(ofFile: 0)]
    let machine = try Emulator(.init(combination.architecture.emulator, arguments, files: files + [wire.inherited]))
    wire.closeInherited()
    let name = guest == .ours ? "our guest" : "Linux \(peer.version)"
    let running = NetworkGuest(guest, named: name, machine, wire, log: files[0], counter: counter)
    try running.waitUntilReady()
    return running
  }
}

/// A guest on a wire.
final class NetworkGuest {
  private let guest: NetworkMachine.Guest
  private let name: String
  private let machine: Emulator
  private let station: NetworkStation
  private let log: MemoryFile
  private let counter: InstructionCounter?

  fileprivate init(
    _ guest: NetworkMachine.Guest, named name: String, _ machine: Emulator, _ wire: FrameWire, log: MemoryFile,
    counter: InstructionCounter?
  ) {
    self.guest = guest
    self.name = name
    self.machine = machine
    self.log = log
    self.counter = counter
    station = NetworkStation(wire)
  }

  fileprivate func waitUntilReady() throws { try told { try station.waitForGuest(within: .seconds(60)) } }

  func run(_ load: NetworkLoad) throws -> NetworkResult { try told { try station.run(load) } }

  /// Instructions that the guest executes for a load; nil when they are not counted.
  func countInstructions(_ load: NetworkLoad) throws -> (result: NetworkResult, instructions: Int)? {
    guard let counter else { return nil }
    // It sleeps before and after.
    let before = try counter.present()
    let result = try run(load)
    return (result, try counter.present() - before)
  }

  /// Has QEMU tell of every notification, which takes time.
  ///
  /// - Returns: how many there were of the queue in question.
  func countDoorbells(_ load: NetworkLoad) throws -> (result: NetworkResult, doorbells: Int) {
    func trace(_ isOn: Bool) throws {
      try machine.monitor.execute(
        "trace-event-set-state", ["name": .string("virtio_queue_notify"), "enable": .boolean(isOn)])
    }
    let begin = try log.currentByteCount()
    try trace(true)
    let result = try run(load)
    try trace(false)
    let text = String(decoding: try log.read(at: begin, byteCount: try log.currentByteCount() - begin), as: UTF8.self)
    let lines = text.split(separator: "\n").filter { $0.contains("virtio_queue_notify ") }
    return (result, lines.filter { $0.contains(" n \(load.direction.queue) vq ") }.count)
  }

  /// Ends the guest.
  func end() throws {
    try told { try station.end() }
    guard let status = machine.process.waitForEnd(within: .seconds(20)) else {
      throw ToolError("\(name) was done and did not end QEMU within 20 s")
    }
    let lines = machine.serial.lines
    var failures = lines.filter { $0.hasPrefix("not ok") }
    if guest == .ours {
      failures =
        Verdict(
          architecture: PeerMachine.combination.architecture, lines: lines, end: .exited(status.shellStatus),
          isScriptFinished: true
        ).failures
    }
    guard failures.isEmpty else { throw ToolError("\(name): \(failures.joined(separator: "; "))") }
    guard let counter else { return }
    // Both ways to read it, once in each boot that counts.
    let (live, told) = (try counter.present(), try counter.total())
    guard live == told else { throw ToolError("QEMU counted \(told) instructions, and \(live) in the file") }
  }

  /// With the guest's last words, where something goes wrong with it.
  private func told<Value>(_ body: () throws -> Value) throws -> Value {
    do {
      return try body()
    } catch let error as VirtualMachineError {
      let lines = machine.serial.lines.suffix(3).joined(separator: " | ")
      throw ToolError("\(name): \(error.words); its last lines: \(lines)")
    }
  }
}
