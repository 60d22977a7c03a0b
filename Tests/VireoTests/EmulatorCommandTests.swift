import Foundation
import Testing

@testable import VireoTool

@Suite struct EmulatorCommandTests {
  private func arguments(_ combination: Combination, devices: GuestDevices = GuestDevices()) -> [String] {
    EmulatorCommand(
      combination: combination, kernelPath: "kernel", scratchPath: "/a,b/scratch.img", devices: devices, shell: .echoing
    ).arguments
  }

  private func devices(_ arguments: [String]) -> [String] {
    zip(arguments, arguments.dropFirst()).filter { $0.0 == "-device" && $0.1.hasPrefix("virtio") }.map(\.1)
  }

  private var twoImages: GuestDevices {
    GuestDevices(images: [DiskImage(path: "a", isWritable: false), DiskImage(path: "b", isWritable: true)])
  }

  @Test func mmioDisks_takeAscendingSlotsInOrder() {
    #expect(
      devices(arguments(Combination(.riscv64, .virt, .mmio), devices: twoImages)) == [
        "virtio-blk-device,bus=virtio-mmio-bus.0,drive=disk0,serial=vireo-a",
        "virtio-blk-device,bus=virtio-mmio-bus.1,drive=disk1,serial=vireo-b",
        "virtio-blk-device,bus=virtio-mmio-bus.2,drive=scratch,serial=vireo-scratch",
        "virtio-rng-device,bus=virtio-mmio-bus.3", "virtio-rng-device,bus=virtio-mmio-bus.4",
      ])
  }

  @Test func pciDisks_takeAscendingSlotsInOrder() {
    let result = devices(arguments(Combination(.aarch64, .virt, .pci), devices: twoImages))
    #expect(result[0] == "virtio-blk-pci,addr=1,disable-legacy=on,drive=disk0,serial=vireo-a")
    #expect(result[2] == "virtio-blk-pci,addr=3,disable-legacy=on,drive=scratch,serial=vireo-scratch")
    #expect(result.count == 5)
  }

  @Test func images_areReadOnlyUnlessWritable_andCommasAreDoubled() {
    let result = arguments(Combination(.x86, .q35, .pci), devices: twoImages)
    #expect(result.contains("driver=raw,node-name=disk0,read-only=on,file.driver=file,file.filename=a"))
    #expect(result.contains("driver=raw,node-name=disk1,read-only=off,file.driver=file,file.filename=b"))
    #expect(
      result.contains("driver=raw,node-name=scratch,read-only=off,file.driver=file,file.filename=/a,,b/scratch.img"))
  }

  @Test func legacyIsForced_onlyWhereAskedFor() {
    #expect(arguments(Combination(.aarch64, .virt, .legacyMMIO)).contains("virtio-mmio.force-legacy=true"))
    #expect(arguments(Combination(.aarch64, .virt, .mmio)).contains("virtio-mmio.force-legacy=false"))
    #expect(!arguments(Combination(.aarch64, .virt, .pci)).contains { $0.contains("force-legacy") })
  }

  @Test func cardsAndFiles_areGivenWhereTheyCanBe() {
    var devices = GuestDevices(own: [])
    devices.networkCards = 2
    devices.firmwareFiles = [GuestDevices.FirmwareFile(name: "opt/a", path: "/a,b")]
    let virt = arguments(Combination(.aarch64, .virt, .mmio), devices: devices)
    #expect(virt.contains("name=opt/a,file=/a,,b"))
    #expect(virt.contains("user,id=net1,restrict=on,ipv6=off"))
    #expect(!arguments(Combination(.riscv64, .virt, .mmio), devices: devices).contains("-fw_cfg"))
  }

  @Test func inputs_areBehindTheOthers() {
    var some = GuestDevices(own: [.rng0])
    some.inputs = [.keyboard, .tablet]
    #expect(
      devices(arguments(Combination(.riscv64, .virt, .mmio), devices: some)) == [
        "virtio-rng-device,bus=virtio-mmio-bus.0", "virtio-keyboard-device,bus=virtio-mmio-bus.1",
        "virtio-tablet-device,bus=virtio-mmio-bus.2",
      ])
  }

  @Test func screens_comeBehindConsoles() {
    var devices = GuestDevices(own: [.rng0])
    devices.consoles = [.file(URL(fileURLWithPath: "/a,b"))]
    devices.screens = 2
    devices.hasRAMScreen = true
    devices.networkCards = 1
    let mmio = arguments(Combination(.aarch64, .virt, .mmio), devices: devices)
    #expect(self.devices(mmio)[2] == "virtio-gpu-device,bus=virtio-mmio-bus.2,id=gpu0,max_outputs=2")
    #expect(self.devices(mmio)[3].hasPrefix("virtio-net-device,bus=virtio-mmio-bus.3,") && mmio.contains("ramfb"))
    let pci = arguments(Combination(.riscv64, .virt, .pci), devices: devices)
    #expect(self.devices(pci)[2] == "virtio-gpu-pci,addr=3,disable-legacy=on,id=gpu0,max_outputs=2,romfile=")
    #expect(ScreenWindow.none.arguments.isEmpty && ScreenWindow.vnc.arguments[0] == "-vnc")
  }

  @Test func kernels_areBuiltForTheTestsThatRun() {
    #expect(GuestTestCommand.architectures(of: ["a aarch64-virt-pci", "b aarch64"]) == [.aarch64])
    #expect(GuestTestCommand.architectures(of: ["a x86_64", "b riscv64-virt-mmio"]) == [.x86, .riscv64])
    #expect(GuestTestCommand.architectures(of: ["a aarch64", "console missing"]) == Architecture.allCases)
  }

  @Test func withoutDevices_noneIsGiven() {
    #expect(devices(arguments(Combination(.x86, .microvm, .mmio), devices: GuestDevices(own: []))).isEmpty)
  }

  /// As QEMU 7.2 lists them: it has windows only with a package of their own.
  @Test func windows_areThereWhenQEMUListsThem() {
    let list = "Available display backend types:\nnone\negl-headless\ncurses\ndbus\n"
    #expect(!ScreenWindow.canOpenWindows(list) && !ScreenWindow.canOpenWindows(""))
    #expect(ScreenWindow.canOpenWindows(list + "gtk\n") && ScreenWindow.canOpenWindows("sdl\n" + list))
  }
}
