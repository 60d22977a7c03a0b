import Foundation
import Testing

@testable import VireoTool

@Suite struct GuestRunOptionsTests {
  private func parse(_ arguments: [String], environment: [String: String] = [:]) throws -> GuestRunOptions {
    try GuestRunOptions(arguments, environment: environment)
  }

  /// Two images in a folder of their own, removed afterwards.
  private func withImages(_ body: (_ first: String, _ second: String) throws -> Void) throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("vireo-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let paths = ["a.img", "b b.img"].map { folder.appendingPathComponent($0).path }
    for path in paths { try Data([1, 2, 3]).write(to: URL(fileURLWithPath: path)) }
    try body(paths[0], paths[1])
  }

  @Test func noWords_areTheDefaultGuestWithItsOwnDevices() throws {
    let options = try parse([])
    #expect(options.combination.name == "aarch64-virt-mmio")
    var expected = GuestDevices.tour
    expected.screens = 1
    #expect(options.devices == expected && options.window == .none)
    #expect(options.script == nil)
  }

  /// riscv64's virt has eight slots.
  @Test func keyboard_isThereWhereThereIsRoom() throws {
    try withImages { file, _ in
      for (count, transport, hasKeyboard) in [(3, "mmio", true), (4, "mmio", false), (5, "pci", true)] {
        let list = Array(repeating: file, count: count).joined(separator: ",")
        let words = ["--arch", "riscv64", "--transport", transport, "--disk", list]
        let inputs = try parse(words).devices.inputs
        #expect(inputs == (hasKeyboard ? [.keyboard] : []))
      }
    }
    #expect(try parse(["--no-devices"]).devices.inputs.isEmpty)
  }

  @Test func screens_areShownWhereAsked() throws {
    let options = try parse(["--screens", "2", "--display", "vnc"])
    #expect(options.devices.screens == 2 && options.window == .vnc)
    #expect(try parse(["--screens", "0", "--display", "window"]).window == .none)
    #expect(try parse(["--no-devices"]).devices.screens == 0)
    // There are no GPUs of the drafts before version 1.
    let legacy = try parse(["--transport", "mmio-legacy", "--display", "vnc"])
    #expect(legacy.devices.screens == 0 && legacy.window == .none)
    func window(_ environment: [String: String]) throws -> ScreenWindow {
      try parse(["--environment"], environment: environment).window
    }
    #expect(try window([:]) == .none && window(["DISPLAY": ":0"]) == .window)
    #expect(try window(["DISPLAY": ":0", "DISPLAY_MODE": "none"]) == .none && window(["DISPLAY_MODE": "vnc"]) == .vnc)
    for words in [["--screens", "17"], ["--screens", "-1"], ["--screens", "x"], ["--display", "tv"]] {
      #expect(throws: UsageError.self) { try parse(words) }
    }
    #expect(throws: UsageError.self) { try window(["DISPLAY_MODE": "tv"]) }
    // No desktop for a window.
    #expect(throws: UsageError.self) { try window(["DISPLAY_MODE": "window", "DISPLAY": ""]) }
    #expect(try window(["DISPLAY_MODE": "window", "WAYLAND_DISPLAY": "wayland-0"]) == .window)
  }

  @Test func environment_countsOnlyWhenAskedFor() throws {
    let environment = ["ARCH": "riscv64", "TRANSPORT": "pci", "MACHINE": "", "SCRIPT": "-"]
    let ignoring = try parse([], environment: environment)
    #expect(ignoring.combination.name == "aarch64-virt-mmio")
    let options = try parse(["--environment"], environment: environment)
    #expect(options.combination.name == "riscv64-virt-pci")
    #expect(options.script == "-")
  }

  @Test func disks_keepTheirOrderAndAreReadOnly() throws {
    try withImages { first, second in
      let images = try parse(["--disk", "\(second),\(first)"]).devices.images
      #expect(images.map(\.path) == [second, first])
      #expect(images.allSatisfy { !$0.isWritable })
      let environment = ["DISK": first, "WRITABLE": "1"]
      let writable = try parse(["--environment"], environment: environment).devices.images
      #expect(writable.map(\.isWritable) == [true])
    }
  }

  @Test func missingImage_isNamed() {
    let error = #expect(throws: UsageError.self) { try parse(["--disk", "/nowhere/a.img"]) }
    #expect(error?.description.contains("/nowhere/a.img") == true)
  }

  @Test func servedFolder_comesWithACardAndATourOfIt() throws {
    let folder = FileManager.default.temporaryDirectory.path
    let options = try parse(["--environment"], environment: ["TFTP": folder])
    #expect(options.devices.served?.path == URL(fileURLWithPath: folder).resolvingSymlinksInPath().path)
    #expect(options.devices.networkCards == 1)
    #expect(options.kernelWords == ["vireo.net=1"])
    #expect(throws: UsageError.self) { try parse(["--tftp", "/nowhere"]) }
    try withImages { file, _ in
      #expect(throws: UsageError.self) { try parse(["--tftp", file]) }
    }
  }

  @Test func folderAsImage_isRefused() {
    #expect(throws: UsageError.self) { try parse(["--disk", "/tmp"]) }
  }

  @Test func writableImageTwice_isRefused() throws {
    try withImages { first, _ in
      #expect(throws: UsageError.self) { try parse(["--writable", "--disk", "\(first),\(first)"]) }
      let twice = try parse(["--disk", "\(first),\(first)"]).devices.images
      #expect(twice.count == 2)
    }
  }

  @Test(arguments: [
    ["--disk"], ["--disk", ""], ["--disk", "a,,b"], ["--nonsense"], ["--deadline", "0"], ["--deadline", "soon"],
    ["--omit", "vda"], ["extra"],
  ])
  func badWords_areRefused(arguments: [String]) {
    #expect(throws: UsageError.self) { try parse(arguments) }
  }

  @Test func writableWithAnotherValue_isRefused() {
    #expect(throws: UsageError.self) { try parse(["--environment"], environment: ["WRITABLE": "yes"]) }
  }

  @Test func words_ofTheKernel_areTakenInOrder() throws {
    #expect(try parse([]).kernelWords.isEmpty)
    let words = try parse(["--words", "vireo.stress=1000 vireo.wait=poll", "--words", "a"]).kernelWords
    #expect(words == ["vireo.stress=1000", "vireo.wait=poll", "a"])
  }

  @Test func omittedDevice_isLeftOut() throws {
    #expect(try parse(["--omit", "rng1"]).devices.own == [.scratch, .rng0])
    #expect(try parse(["--no-devices"]).devices.own.isEmpty)
  }
}
