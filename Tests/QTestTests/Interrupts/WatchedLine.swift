import DevicePlatform
import QTest
import Testing

/// The interrupt line of the device under test, watched where it arrives at the interrupt controller.
struct WatchedLine {
  let connection: QTestConnection
  /// The controller's input.
  let number: Int
  /// Inputs that others on the machine move all the time.
  private let noise: Set<Int>

  /// Watches from now on.
  init(_ bench: Bench, device: Int) throws {
    connection = bench.machine.connection
    number = bench.place.interruptInput(device: device)
    // A PC's timer.
    noise = bench.place.kind == .q35 ? [0, 2] : []
    try connection.interceptInterrupts(of: bench.place.kind.interruptController)
  }

  /// How the line has moved since the last time, true for up; complete for all that the driver has seen of the device
  /// so far, since the emulator answers only between two steps of its devices.
  func edges(location: SourceLocation = #_sourceLocation) throws -> [Bool] {
    try connection.execute("endianness")
    let changes = try connection.takeInterruptChanges().filter { !noise.contains($0.line) }
    let others = Set(changes.map(\.line)).subtracting([number])
    #expect(others.isEmpty, "lines of others moved, expected \(number) alone", sourceLocation: location)
    return changes.filter { $0.line == number }.map(\.isRaised)
  }

  /// True while the line is up.
  var isRaised: Bool { connection.isRaised(line: number) }
}

extension Place {
  /// The PCI device number that is used where interrupts matter.
  static let pciDevice = 5

  /// Which input of the interrupt controller a device's line leads to.
  ///
  /// - Parameter device: the slot's number, counted by address, or the PCI device number; the pin is INTA.
  func interruptInput(device: Int) -> Int {
    switch (bus, kind) {
    case (.mmio, .aarch64Virt): 16 + device
    case (.mmio, .riscv64Virt): 1 + device
    case (.mmio, .microvm): 16 + device
    case (.pci, .microvmPCI): 12 + device % 4
    case (.pci, .q35): 20 + device % 4
    case (.pci, .aarch64Virt): 3 + device % 4
    case (.pci, .riscv64Virt): 32 + device % 4
    case (.mmio, .q35), (.mmio, .microvmPCI), (.pci, .microvm): preconditionFailure("no such place")
    }
  }
}
