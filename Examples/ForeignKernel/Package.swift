// swift-tools-version: 6.2
import PackageDescription

// A kernel of its own. All that it takes from Vireo are library products; Embedded Swift is switched on from outside,
// by Toolset.json.
let package = Package(
  name: "ForeignKernel",
  products: [.executable(name: "foreign-kernel", targets: ["ForeignKernel"])],
  dependencies: [.package(name: "Vireo", path: "../..")],
  targets: [
    // Boot code and the few C functions that Swift expects: assembly and C, no Swift.
    .target(name: "Machine"),
    .executableTarget(
      name: "ForeignKernel",
      dependencies: [
        "Machine",
        .product(name: "DevicePlatform", package: "Vireo"),
        .product(name: "PlatformCheck", package: "Vireo"),
        .product(name: "VirtIO", package: "Vireo"),
        .product(name: "VirtIOMMIO", package: "Vireo"),
        .product(name: "VirtIOBlock", package: "Vireo"),
      ],
      swiftSettings: [
        .swiftLanguageMode(.v6),
        .strictMemorySafety(),
        .treatWarning("StrictMemorySafety", as: .error),
        .enableUpcomingFeature("MemberImportVisibility"),
      ]),
  ]
)
