import Testing

@testable import VireoTool

@Suite struct CombinationTests {
  @Test(arguments: [
    (nil, nil, nil, "aarch64-virt-mmio"), ("aarch64", nil, nil, "aarch64-virt-mmio"),
    ("aarch64", nil, "pci", "aarch64-virt-pci"), ("riscv64", "virt", "mmio-legacy", "riscv64-virt-mmio-legacy"),
    ("x86_64", nil, nil, "x86_64-q35-pci"), ("x86_64", "microvm", nil, "x86_64-microvm-mmio"),
    ("x86_64", nil, "mmio", "x86_64-microvm-mmio"), ("x86_64", "q35", nil, "x86_64-q35-pci"),
    (nil, nil, "pci", "aarch64-virt-pci"),
  ])
  func partialWords_areCompletedWithDefaults(
    architecture: String?, machine: String?, transport: String?, name: String
  ) throws {
    #expect(try Combination(architecture: architecture, machine: machine, transport: transport).name == name)
  }

  @Test(arguments: [
    ("aarch64", "q35", nil), ("x86_64", "q35", "mmio"), ("x86_64", "microvm", "pci"), ("riscv64", "virt", "usb"),
    ("m68k", nil, nil), ("x86_64", "virt", nil),
  ])
  func invalidWords_areRefusedWithTheList(architecture: String?, machine: String?, transport: String?) {
    let error = #expect(throws: UsageError.self) {
      try Combination(architecture: architecture, machine: machine, transport: transport)
    }
    for valid in Combination.all { #expect(error?.description.contains("\(valid)") == true) }
  }

  @Test func everyValidCombination_isItself() throws {
    #expect(Combination.all.count == 9)
    for valid in Combination.all {
      let again = try Combination(
        architecture: valid.architecture.rawValue, machine: valid.machine.rawValue, transport: valid.transport.rawValue)
      #expect(again == valid)
    }
  }
}
