import Testing

@testable import VireoTool

@Suite struct FenceCheckTests {
  private let outside = "Sources/Drivers/VirtIOBlock/BlockDevice.swift"

  @Test(arguments: [
    "let x = unsafe pointer.pointee", "final class A: @unchecked Sendable {}  // one owner",
    "Unmanaged.passRetained(x)",
    "bytes.withUnsafeBytes { _ in }", "nonisolated(unsafe) var x = 1", "unowned(unsafe) let x: A",
    "@unsafe func f() {}",
    "@safe struct A {}", #"print("\(unsafe x)")"#, "/* a */ unsafe f()",
  ])
  func plantedUse_isReportedOutsideTheFence(line: String) {
    #expect(
      FenceCheck.findings(in: "// header\n\(line)\n", at: outside).map { $0.hasPrefix("\(outside):2:") } == [true])
    #expect(FenceCheck.findings(in: "// header\n\(line)\n", at: "Sources/Platforms/BareMetal/A.swift").isEmpty)
  }

  @Test(arguments: [
    "// this would be unsafe", "/* unsafe /* nested */ unsafe */", #"let x = "unsafe""#, ".strictMemorySafety(),",
    "let unsafeAddress = 1", ##"let x = #"a " unsafe"#"##, "let x = \"\"\"\n unsafe\n \"\"\"", "/// `Unmanaged`",
  ])
  func wordsThatAreNotCode_areNoUse(line: String) {
    #expect(FenceCheck.findings(in: line, at: outside).isEmpty)
  }

  @Test func uncheckedWithoutReason_isReportedEverywhere() {
    let path = "Tests/VirtIOTests/A.swift"
    #expect(FenceCheck.findings(in: "let a = 1\nfinal class A: @unchecked Sendable {}", at: path).count == 1)
    #expect(FenceCheck.findings(in: "// Guarded by its lock.\nfinal class A: @unchecked Sendable {}", at: path).isEmpty)
    #expect(FenceCheck.findings(in: "final class A: @unchecked Sendable {}  // Guarded by its lock.", at: path).isEmpty)
  }

  @Test func interpolatedString_endsWhereItEnds() {
    let source = #"let a = "\(f(g("x)")) + ")")" + b; let c = unsafe d"#
    #expect(FenceCheck.findings(in: source, at: outside).count == 1)
  }
}

@Suite struct ImportCheckTests {
  @Test func hostImport_isReportedInLibraryCode() {
    for line in [
      "import Foundation", "public import Glibc", "import struct Foundation.Data", "@preconcurrency import Glibc",
    ] {
      #expect(ImportCheck.findings(in: line, at: "Sources/Core/VirtIO/A.swift").count == 1)
      #expect(ImportCheck.findings(in: line, at: "Examples/NetworkStack/Wire/A.swift").count == 1)
      #expect(ImportCheck.findings(in: line, at: "Sources/Tools/VireoTool/A.swift").isEmpty)
    }
    #expect(ImportCheck.findings(in: "// import Foundation\nimport VirtIO", at: "Sources/Core/A.swift").isEmpty)
  }
}

@Suite struct LinkCheckTests {
  private func findings(_ page: String) -> [String] {
    LinkCheck.findings(in: page, at: "Documentation/Testing.md") {
      ["README.md", "Documentation/Porting.md"].contains($0)
    }
  }

  @Test func missingTarget_isReported() {
    #expect(findings("see [this](Nowhere.md)").count == 1)
    #expect(findings("see [this](README.md)").count == 1)
  }

  @Test func existingTargets_areFine() {
    #expect(findings("[a](../README.md#top) [b](Porting.md) [c](https://example.org) [d](#here)").isEmpty)
    #expect(findings("```\n[a](Nowhere.md)\n```\n`[a](Nowhere.md)`").isEmpty)
  }
}
