// Which code may use the host's libraries.

/// Library code runs without an operating system: no Foundation, no C library.
package enum ImportCheck {
  static let hostModules: Set<String> = ["Foundation", "Glibc", "Darwin", "Musl", "Dispatch", "FoundationEssentials"]
  static let libraryFolders = ["Sources/", "Examples/NetworkStack/", "Examples/OutsideDriver/"]
  static let hostFolders = [
    "Sources/Platforms/QTest/", "Sources/Platforms/VhostUser/", "Sources/Tools/", "Sources/Executables/Vireo/",
    "Sources/Executables/RingBench/", "Sources/Executables/DisplayBench/", "Sources/Executables/VhostBench/",
    "Sources/Executables/Fuzz/",
    "Tests/",
  ]

  package static func findings(in source: String, at path: String) -> [String] {
    guard libraryFolders.contains(where: path.hasPrefix), !hostFolders.contains(where: path.hasPrefix) else {
      return []
    }
    return SwiftText(source).code.enumerated().compactMap { index, line in
      let words = SwiftText.words(line)
      guard let keyword = words.firstIndex(of: "import"),
        let module = words[keyword...].first(where: hostModules.contains)
      else { return nil }
      return "\(path):\(index + 1): import of '\(module)' in code that runs without an operating system"
    }
  }
}
