import DiscRipping
import TestSupport
import Testing

@Suite struct BlockMapTests {
    private static let states: [BlockMap.State] = [
        .untried, .untrimmed, .unscraped, .bad, .finished,
    ]

    @Test(arguments: 0..<20)
    func `marks do what they do to a plain list of sectors`(_ seed: Int) throws {
        var generator = SeededGenerator(seed: UInt64(seed))
        let count = Int.random(in: 1...60, using: &generator)
        var map = BlockMap(sectors: count)
        var plain = [BlockMap.State](repeating: .untried, count: count)
        for _ in 0..<500 {
            let start = Int.random(in: -5...count + 5, using: &generator)
            let range = start..<start + Int.random(in: 0...12, using: &generator)
            let state = try #require(Self.states.randomElement(using: &generator))
            map.mark(range, state)
            for sector in range where plain.indices.contains(sector) { plain[sector] = state }
            #expect(map.blocks.flatMap { block in block.sectors.map { _ in block.state } } == plain)
            #expect(map.blocks.allSatisfy { !$0.sectors.isEmpty })
            #expect(map.blocks.first?.sectors.lowerBound == 0)
            for (a, b) in zip(map.blocks, map.blocks.dropFirst()) {
                #expect(a.sectors.upperBound == b.sectors.lowerBound && a.state != b.state)
            }
            for state in Self.states {
                #expect(map.count(state) == plain.count { $0 == state })
            }
            #expect(map.sectorCount == count)
        }
    }

    @Test func `sectors behind the last one join those that nobody has tried`() {
        var map = BlockMap(sectors: 10)
        map.append(5)
        #expect(map.blocks == [BlockMap.Block(sectors: 0..<15, state: .untried)])
        map.mark(0..<15, .finished)
        map.append(3)
        map.append(0)
        #expect(map.ranges(.untried) == [15..<18] && map.sectorCount == 18)
    }

    @Test func `a map of nothing stays one`() {
        for sectors in [0, -1] {
            var map = BlockMap(sectors: sectors)
            map.mark(0..<10, .bad)
            #expect(map.blocks.isEmpty && map.sectorCount == 0)
        }
    }

    @Test func `the text of a map`() {
        var map = BlockMap(sectors: 2_000_000)
        map.mark(0..<1_999_000, .finished)
        map.mark(16..<17, .bad)
        let lines = map.text(position: 1_999_000, activity: .copying).split(separator: "\n")
            .filter { !$0.hasPrefix("#") }.map { $0.split(separator: " ").map(String.init) }
        #expect(
            lines == [
                ["0xF404C000", "?", "1"], ["0x00000000", "0x00008000", "+"],
                ["0x00008000", "0x00000800", "-"], ["0x00008800", "0xF4043800", "+"],
                ["0xF404C000", "0x001F4000", "?"],
            ]
        )
    }

    /// Runs ddrescuelog on a map and returns its exit code and what it says.
    private func inspect(_ map: String, _ arguments: [String]) throws -> (Int, String) {
        let folder = try Folder()
        try folder.write("map", map)
        let run = try Programs.run(["ddrescuelog"] + arguments + ["map"], in: folder)
        return (run.status, run.said)
    }

    @Test(
        .enabled(if: Programs.has("ddrescuelog")),
        arguments: 0..<5
    )
    func `ddrescue reads the map as it was meant`(_ seed: Int) throws {
        var generator = SeededGenerator(seed: UInt64(seed))
        let count = 2_295_104
        var map = BlockMap(sectors: count)
        map.mark(0..<count, .finished)
        for _ in 0..<50 {
            let start = Int.random(in: 0..<count, using: &generator)
            let state = try #require(Self.states.randomElement(using: &generator))
            map.mark(start..<start + Int.random(in: 1...40, using: &generator), state)
        }
        let text = map.text(position: count, activity: .finished)
        let (code, said) = try inspect(text, ["-t"])
        #expect(code == 0, "\(said)")
        for state in Self.states {
            let (code, list) = try inspect(text, ["-b2048", "-l\(state.rawValue)"])
            #expect(code == 0)
            let sectors = list.split(separator: "\n").compactMap { Int($0) }
            #expect(sectors == Array(map.ranges(state).joined()))
        }
        // -D: does the map say that all is done?
        #expect(try inspect(text, ["-D"]).0 == 1)
        map.mark(0..<count, .finished)
        #expect(try inspect(map.text(position: count, activity: .finished), ["-D"]).0 == 0)
    }

    @Test(
        .enabled(if: Programs.has("ddrescuelog")),
        arguments: [BlockMap.Activity.copying, .retrying, .finished]
    )
    func `ddrescue reads maps of what is not finished`(_ activity: BlockMap.Activity) throws {
        var map = BlockMap(sectors: 1000)
        map.mark(0..<500, .finished)
        let (code, said) = try inspect(map.text(position: 500, activity: activity), ["-t"])
        #expect(code == 0, "\(said)")
    }
}
