// swift-tools-version: 6.2
import PackageDescription

/// Settings of every Swift target. No `unsafeFlags`, so that any package can depend on this one; Embedded Swift is
/// switched on from outside, by the files in `Toolsets`.
let settings: [SwiftSetting] = [
  .swiftLanguageMode(.v6),
  .strictMemorySafety(),
  .treatWarning("StrictMemorySafety", as: .error),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .enableExperimentalFeature("Lifetimes"),
]

/// A library target in the folder of its layer.
func library(_ name: String, in layer: String, uses dependencies: [Target.Dependency] = []) -> Target {
  .target(name: name, dependencies: dependencies, path: "Sources/\(layer)/\(name)", swiftSettings: settings)
}

func cLibrary(_ name: String, in layer: String) -> Target {
  .target(name: name, path: "Sources/\(layer)/\(name)")
}

func executable(_ name: String, uses dependencies: [Target.Dependency]) -> Target {
  .executableTarget(
    name: name, dependencies: dependencies, path: "Sources/Executables/\(name)", swiftSettings: settings)
}

func tests(of name: String, uses dependencies: [Target.Dependency] = [], without exclude: [String] = []) -> Target {
  .testTarget(
    name: "\(name)Tests", dependencies: [.byName(name: name)] + dependencies, exclude: exclude, swiftSettings: settings)
}

// Layer by layer, lowest first: a target may use only what stands above it in this list.
let package = Package(
  name: "Vireo",
  products: [
    .library(name: "DevicePlatform", targets: ["DevicePlatform"]),
    .library(name: "PlatformCheck", targets: ["PlatformCheck"]),
    .library(name: "VirtIO", targets: ["VirtIO"]),
    .library(name: "PCI", targets: ["PCI"]),
    .library(name: "DeviceTree", targets: ["DeviceTree"]),
    .library(name: "VirtIOMMIO", targets: ["VirtIOMMIO"]),
    .library(name: "VirtIOPCI", targets: ["VirtIOPCI"]),
    .library(name: "VirtIOBlock", targets: ["VirtIOBlock"]),
    .library(name: "VirtIOEntropy", targets: ["VirtIOEntropy"]),
    .library(name: "VhostUser", targets: ["VhostUser"]),
    .library(name: "VirtIOConsole", targets: ["VirtIOConsole"]),
    .library(name: "FirmwareConfiguration", targets: ["FirmwareConfiguration"]),
    .library(name: "Drawing", targets: ["Drawing"]),
    .library(name: "VirtIOGPU", targets: ["VirtIOGPU"]),
    .library(name: "RAMFramebuffer", targets: ["RAMFramebuffer"]),
    .library(name: "InputEvents", targets: ["InputEvents"]),
    .library(name: "VirtIOInput", targets: ["VirtIOInput"]),
    .library(name: "PS2", targets: ["PS2"]),
    .library(name: "KeyMaps", targets: ["KeyMaps"]),
    .library(name: "Randomness", targets: ["Randomness"]),
    .library(name: "VirtIONetwork", targets: ["VirtIONetwork"]),
    .library(name: "DeviceTraits", targets: ["DeviceTraits"]),
    .library(name: "DeviceManager", targets: ["DeviceManager"]),
    .library(name: "StandardDrivers", targets: ["StandardDrivers"]),
    .executable(name: "kernel", targets: ["Kernel"]),
    .executable(name: "vireo", targets: ["Vireo"]),
    .executable(name: "ring-bench", targets: ["RingBench"]),
    .executable(name: "display-bench", targets: ["DisplayBench"]),
    .executable(name: "vhost-bench", targets: ["VhostBench"]),
  ],
  targets: [
    cLibrary("CVireo", in: "C"),
    library("DevicePlatform", in: "Platform", uses: ["CVireo"]),
    library("PlatformCheck", in: "Platform", uses: ["DevicePlatform"]),
    library("VirtqueueStorage", in: "Core", uses: ["DevicePlatform"]),
    library("VirtIO", in: "Core", uses: ["DevicePlatform", "VirtqueueStorage"]),
    library("Drawing", in: "Core"),
    library("InputEvents", in: "Core"),
    library("PCI", in: "Buses", uses: ["DevicePlatform"]),
    library("DeviceTree", in: "Buses"),
    library("VirtIOMMIO", in: "Transports", uses: ["DevicePlatform", "VirtIO"]),
    library("VirtIOPCI", in: "Transports", uses: ["DevicePlatform", "PCI", "VirtIO"]),
    library("VirtIOBlock", in: "Drivers", uses: ["DevicePlatform", "VirtIO"]),
    library("VirtIOEntropy", in: "Drivers", uses: ["DevicePlatform", "VirtIO"]),
    library("VirtIOConsole", in: "Drivers", uses: ["DevicePlatform", "VirtIO"]),
    library("VirtIOGPU", in: "Drivers", uses: ["DevicePlatform", "Drawing", "VirtIO"]),
    library("PS2", in: "Drivers", uses: ["DevicePlatform", "InputEvents"]),
    library("VirtIOInput", in: "Drivers", uses: ["DevicePlatform", "InputEvents", "VirtIO"]),
    library("FirmwareConfiguration", in: "Drivers", uses: ["DevicePlatform"]),
    library("RAMFramebuffer", in: "Drivers", uses: ["DevicePlatform", "Drawing", "FirmwareConfiguration"]),
    library("DeviceTraits", in: "Traits", uses: ["DevicePlatform", "Drawing", "InputEvents"]),
    library("KeyMaps", in: "Services", uses: ["DevicePlatform", "InputEvents"]),
    library("Randomness", in: "Services", uses: ["DevicePlatform", "DeviceTraits"]),
    // An example, hence no product.
    .target(
      name: "NetworkStack", dependencies: ["DevicePlatform"], path: "Examples/NetworkStack", exclude: ["README.md"],
      swiftSettings: settings),
    library("VirtIONetwork", in: "Drivers", uses: ["DevicePlatform", "VirtIO"]),
    library("DeviceManager", in: "Services", uses: ["DevicePlatform", "DeviceTraits", "VirtIO"]),
    library(
      "StandardDrivers", in: "Services",
      uses: [
        "DeviceManager", "DevicePlatform", "DeviceTraits", "Drawing", "FirmwareConfiguration", "InputEvents", "PS2",
        "RAMFramebuffer", "VirtIO", "VirtIOBlock", "VirtIOConsole", "VirtIOEntropy", "VirtIOGPU", "VirtIOInput",
        "VirtIONetwork",
      ]),
    // An example, hence no product.
    .target(
      name: "OutsideDriver", dependencies: ["DeviceManager", "DevicePlatform", "DeviceTraits", "VirtIO"],
      path: "Examples/OutsideDriver", swiftSettings: settings),

    cLibrary("CBareMetal", in: "Platforms"),
    library("BareMetal", in: "Platforms", uses: ["CBareMetal", "CVireo", "DevicePlatform", "DeviceTraits"]),
    cLibrary("CVirtualMachine", in: "Tools"),
    library("VirtualMachine", in: "Tools", uses: ["CVirtualMachine"]),
    library("PageRanges", in: "Platforms"),
    cLibrary("CQTest", in: "Platforms"),
    library("QTest", in: "Platforms", uses: ["CQTest", "DevicePlatform", "PageRanges", "VirtualMachine"]),
    cLibrary("CVhostUser", in: "Platforms"),
    library("VhostUser", in: "Platforms", uses: ["CVhostUser", "DevicePlatform", "PageRanges", "VirtIO"]),

    cLibrary("CRingBench", in: "Executables"),
    executable(
      "Kernel",
      uses: [
        "BareMetal", "CBareMetal", "DeviceManager", "DevicePlatform", "DeviceTraits", "DeviceTree", "Drawing",
        "FirmwareConfiguration", "InputEvents", "KeyMaps", "NetworkStack", "OutsideDriver", "PCI", "PS2",
        "PlatformCheck", "Randomness", "StandardDrivers", "VirtIO", "VirtIOBlock", "VirtIOEntropy", "VirtIOMMIO",
        "VirtIONetwork", "VirtIOPCI",
      ]),
    library(
      "VireoTool", in: "Tools",
      uses: [
        "DevicePlatform", "Drawing", "VhostUser", "VirtIO", "VirtIOBlock", "VirtIOEntropy", "VirtIOGPU",
        "VirtualMachine",
      ]),
    executable("Vireo", uses: ["VireoTool"]),
    cLibrary("CVhostBench", in: "Executables"),
    executable(
      "VhostBench",
      uses: [
        "CVhostBench", "DevicePlatform", "VhostUser", "VireoTool", "VirtIO", "VirtIONetwork", "VirtualMachine",
      ]),
    executable(
      "DisplayBench",
      uses: [
        "DeviceManager", "DevicePlatform", "DeviceTraits", "Drawing", "QTest", "StandardDrivers", "VirtIO", "VirtIOGPU",
        "VirtIOMMIO", "VirtualMachine",
      ]),
    executable(
      "RingBench",
      uses: [
        "CRingBench", "DevicePlatform", "InputEvents", "VirtIO", "VirtIOBlock", "VirtIOInput", "VirtIONetwork",
        "VirtualMachine",
      ]),

    library(
      "VirtIOTestSupport", in: "TestSupport", uses: ["DevicePlatform", "VirtIO", "VirtIOMMIO", "VirtIOPCI", "PCI"]),
    library(
      "HostileDevice", in: "TestSupport",
      uses: [
        "DevicePlatform", "DeviceTree", "Drawing", "FirmwareConfiguration", "InputEvents", "PCI", "VirtIO",
        "VirtIOBlock", "VirtIOConsole", "VirtIOEntropy", "VirtIOGPU", "VirtIOInput", "VirtIOMMIO", "VirtIONetwork",
        "VirtIOPCI", "VirtIOTestSupport",
      ]),
    library("Pictures", in: "TestSupport", uses: ["Drawing", "VirtualMachine"]),
    cLibrary("CTapNetwork", in: "TestSupport"),
    cLibrary("CFuzz", in: "Executables"),
    executable("Fuzz", uses: ["CFuzz", "HostileDevice"]),
    tests(
      of: "HostileDevice",
      uses: [
        "DevicePlatform", "DeviceTree", "FirmwareConfiguration", "PCI", "VirtIO", "VirtIOEntropy", "VirtIONetwork",
        "VirtIOTestSupport",
      ],
      without: ["Corpus", "README.md"]),
    tests(of: "DevicePlatform", uses: ["VirtIOTestSupport"]),
    tests(of: "PlatformCheck", uses: ["DevicePlatform", "VirtIOTestSupport"]),
    tests(of: "VirtqueueStorage", uses: ["DevicePlatform", "VirtIOTestSupport"]),
    tests(of: "VirtIO", uses: ["DevicePlatform", "VirtIOMMIO", "VirtIOTestSupport", "VirtqueueStorage"]),
    tests(of: "PCI", uses: ["DevicePlatform"]),
    tests(of: "DeviceTree"),
    tests(of: "VirtIOMMIO", uses: ["DevicePlatform", "PCI", "VirtIO", "VirtIOBlock", "VirtIOTestSupport"]),
    tests(of: "VirtIOPCI", uses: ["DevicePlatform", "PCI", "VirtIO", "VirtIOBlock", "VirtIOTestSupport"]),
    tests(of: "VirtIOBlock", uses: ["DevicePlatform", "VirtIO", "VirtIOMMIO", "VirtIOTestSupport"]),
    tests(of: "VirtIOEntropy", uses: ["DevicePlatform", "VirtIO", "VirtIOMMIO", "VirtIOTestSupport"]),
    tests(of: "VirtIOConsole", uses: ["DevicePlatform", "VirtIO", "VirtIOMMIO", "VirtIOTestSupport"]),
    tests(of: "Drawing", uses: ["DevicePlatform", "VirtIOTestSupport"]),
    tests(of: "VirtIOGPU", uses: ["DevicePlatform", "Drawing", "VirtIO", "VirtIOMMIO", "VirtIOTestSupport"]),
    tests(of: "InputEvents"),
    tests(of: "PS2", uses: ["DevicePlatform", "InputEvents", "VirtIOTestSupport"]),
    tests(of: "VirtIOInput", uses: ["DevicePlatform", "InputEvents", "VirtIO", "VirtIOMMIO", "VirtIOTestSupport"]),
    tests(of: "KeyMaps", uses: ["DevicePlatform", "InputEvents"]),
    tests(of: "FirmwareConfiguration", uses: ["DevicePlatform", "VirtIOTestSupport"]),
    tests(of: "RAMFramebuffer", uses: ["DevicePlatform", "Drawing", "FirmwareConfiguration", "VirtIOTestSupport"]),
    tests(
      of: "Randomness",
      uses: ["DevicePlatform", "DeviceTraits", "VirtIO", "VirtIOEntropy", "VirtIOMMIO", "VirtIOTestSupport"]),
    tests(of: "VirtIONetwork", uses: ["DevicePlatform", "VirtIO", "VirtIOMMIO", "VirtIOTestSupport"]),
    tests(of: "NetworkStack", uses: ["DevicePlatform", "VirtIOTestSupport"]),
    tests(of: "DeviceTraits", uses: ["DevicePlatform", "Drawing", "VirtIOTestSupport"]),
    tests(
      of: "DeviceManager", uses: ["DevicePlatform", "DeviceTraits", "VirtIO", "VirtIOMMIO", "VirtIOTestSupport"]),
    tests(
      of: "StandardDrivers",
      uses: [
        "DeviceManager", "DevicePlatform", "DeviceTraits", "Drawing", "FirmwareConfiguration", "InputEvents",
        "OutsideDriver", "PCI", "VirtIO", "VirtIOBlock", "VirtIOMMIO", "VirtIOPCI", "VirtIOTestSupport",
      ]),
    tests(of: "BareMetal", uses: ["CBareMetal", "DevicePlatform", "DeviceTraits"]),
    tests(
      of: "QTest",
      uses: [
        "CTapNetwork", "DeviceManager", "DevicePlatform", "DeviceTraits", "Drawing", "FirmwareConfiguration",
        "InputEvents", "KeyMaps", "NetworkStack", "PCI", "PS2", "Pictures", "PlatformCheck", "RAMFramebuffer",
        "StandardDrivers", "VirtIO", "VirtIOBlock", "VirtIOConsole", "VirtIOEntropy", "VirtIOGPU", "VirtIOInput",
        "VirtIOMMIO",
        "VirtIONetwork", "VirtIOPCI", "VirtualMachine",
      ]),
    tests(
      of: "VhostUser",
      uses: [
        "CVhostUser", "DevicePlatform", "Drawing", "Pictures", "PlatformCheck", "VirtIO", "VirtIOBlock",
        "VirtIOEntropy",
        "VireoTool", "VirtIOGPU", "VirtIONetwork", "VirtIOTestSupport", "VirtualMachine",
      ]),
    tests(of: "PageRanges"),
    tests(of: "VirtualMachine"),
    tests(of: "Vireo", uses: ["VhostUser", "VireoTool", "VirtIO", "VirtIOBlock", "VirtualMachine"]),
  ]
)

// `Scripts/mutants.sh` builds over and over: only these targets, and what they use.
if let names = Context.environment["VIREO_TARGETS"] {
  var needed = Set(names.split(separator: ",").map(String.init))
  for target in package.targets.reversed() where needed.contains(target.name) {
    for case .byNameItem(let name, _) in target.dependencies { needed.insert(name) }
  }
  package.targets.removeAll { !needed.contains($0.name) }
  package.products = []
}
