import Foundation

/// Limits of figures, one line each: `NAME: NUMBER`; `#` begins a comment.
struct Thresholds {
  private var limits: [String: Double] = [:]

  init(path: String) throws {
    guard let text = try? String(contentsOfFile: path, encoding: .utf8) else {
      throw BenchFailure(description: "'\(path)' cannot be read, expected thresholds")
    }
    for line in text.split(separator: "\n") where !line.hasPrefix("#") {
      let parts = line.split(separator: ":")
      guard parts.count == 2, let limit = Double(parts[1].trimmingCharacters(in: .whitespaces)) else {
        throw BenchFailure(description: "\(path): '\(line)' is no threshold, expected 'name: number'")
      }
      limits[String(parts[0])] = limit
    }
  }

  /// The limit of a figure; nil where there is none.
  func limit(for name: String) -> Double? { limits[name] }
}
