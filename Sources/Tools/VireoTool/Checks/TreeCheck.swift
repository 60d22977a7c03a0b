// `vireo check tree`: layout, the fence, imports and links.

import Foundation

enum TreeCheck {
  static func findings(in package: PackageFolder) throws -> [String] {
    var result: [String] = []
    for path in try files(in: package) {
      let url = package.root.appendingPathComponent(path)
      if path.hasSuffix(".swift") {
        let source = try String(contentsOf: url, encoding: .utf8)
        result += FenceCheck.findings(in: source, at: path) + ImportCheck.findings(in: source, at: path)
      } else if path.hasSuffix(".md") {
        let page = try String(contentsOf: url, encoding: .utf8)
        result += LinkCheck.findings(in: page, at: path) { target in
          FileManager.default.fileExists(atPath: package.root.appendingPathComponent(target).path)
        }
      }
    }
    return result
  }

  /// Swift sources and pages, by path from the root, without build folders and hidden ones.
  private static func files(in package: PackageFolder) throws -> [String] {
    let all = try FileManager.default.subpathsOfDirectory(atPath: package.root.path)
    return all.filter { path in
      (path.hasSuffix(".swift") || path.hasSuffix(".md"))
        && !path.split(separator: "/").contains { $0.hasPrefix(".") }
    }.sorted()
  }

  /// - Returns: whether the layout is as `.swift-format` wants it.
  static func isFormatted(_ package: PackageFolder) throws -> Bool {
    let places = ["Package.swift", "Sources", "Tests", "Examples"].filter {
      FileManager.default.fileExists(atPath: package.root.appendingPathComponent($0).path)
    }
    return try Children.run(["swift", "format", "lint", "--strict", "--parallel", "-r"] + places, in: package.root) == 0
  }
}
