import Testing
import VireoTool

@Test func benchLines_nameAndNumber_areFigures() throws {
  let figures = try BenchFigures(lines: ["ok 1 - x", "# bench: start-read 120", "# bench: complete 95"])
  #expect(figures.values.map(\.name) == ["start-read", "complete"])
  #expect(figures.values.map(\.value) == [120, 95])
}

@Test func benchLines_withoutNumber_areRefused() {
  #expect(throws: (any Error).self) { try BenchFigures(lines: ["# bench: start-read many"]) }
}

@Test func thresholds_figureAbove_isReported() throws {
  let thresholds = try BenchThresholds(text: "# comment\nrun a 10\nrun b 10\n", file: "f")
  var figures = BenchFigures()
  figures.values = [("a", 10), ("b", 11), ("c", 99)]
  #expect(thresholds.findings([("run", figures)]) == ["run b is 11, at most 10"])
}

@Test func thresholds_figureGone_isReported() throws {
  let thresholds = try BenchThresholds(text: "run a 10\n", file: "f")
  #expect(thresholds.findings([("run", BenchFigures())]).count == 1)
}
