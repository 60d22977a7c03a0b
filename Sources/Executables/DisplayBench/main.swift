import Foundation

/// Bad input: the message, and exit status 2.
func refuse(_ message: String) -> Never {
  FileHandle.standardError.write(
    Data("display-bench: \(message)\nusage: display-bench [WIDTHxHEIGHT]\n".utf8))
  exit(2)
}

let words = Array(CommandLine.arguments.dropFirst())
let sides = (words.first ?? "1280x800").split(separator: "x").map { Int($0) ?? 0 }
guard words.count < 2, sides.count == 2, sides.allSatisfy({ (64...4096).contains($0) }) else {
  refuse("expected a size with sides from 64 to 4096, such as 1280x800")
}
do {
  try Figures(width: sides[0], height: sides[1]).measure()
} catch {
  FileHandle.standardError.write(Data("display-bench: \(error)\n".utf8))
  exit(1)
}
