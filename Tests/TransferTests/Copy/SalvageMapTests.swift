import TestSupport
import Testing
import Transfer

@Suite struct SalvageMapTests {
    private static let states: [SalvageMap.State] = [
        .untried, .untrimmed, .unscraped, .bad, .finished,
    ]

    private static func text(
        _ map: SalvageMap,
        _ position: Int,
        _ activity: SalvageMapFile.Activity,
        bytesPerSector: Int = 2048
    ) -> String {
        SalvageMapFile(map, position: position, activity).text(bytesPerSector: bytesPerSector)
    }

    @Test(arguments: 0..<20)
    func `marks do what they do to a plain list of sectors`(_ seed: Int) throws {
        var generator = SeededGenerator(seed: UInt64(seed))
        let count = Int.random(in: 1...60, using: &generator)
        var map = SalvageMap(sectors: count)
        var plain = [SalvageMap.State](repeating: .untried, count: count)
        for _ in 0..<500 {
            let start = Int.random(in: -5...count + 5, using: &generator)
            let range = start..<start + Int.random(in: 0...12, using: &generator)
            let state = try #require(Self.states.randomElement(using: &generator))
            map.mark(range, state)
            for sector in range where plain.indices.contains(sector) { plain[sector] = state }
            #expect(map.runs.flatMap { run in run.sectors.map { _ in run.state } } == plain)
            #expect(map.runs.allSatisfy { !$0.sectors.isEmpty })
            #expect(map.runs.first?.sectors.lowerBound == 0)
            for (a, b) in zip(map.runs, map.runs.dropFirst()) {
                #expect(a.sectors.upperBound == b.sectors.lowerBound && a.state != b.state)
            }
            for state in Self.states {
                #expect(map.count(state) == plain.count { $0 == state })
            }
            #expect(map.sectorCount == count)
        }
    }

    @Test func `sectors behind the last one join those that nobody has tried`() {
        var map = SalvageMap(sectors: 10)
        map.append(5)
        #expect(map.runs == [SalvageMap.Run(sectors: 0..<15, state: .untried)])
        map.mark(0..<15, .finished)
        map.append(3)
        map.append(0)
        #expect(map.ranges(.untried) == [15..<18] && map.sectorCount == 18)
    }

    @Test func `a map of nothing stays one`() {
        for sectors in [0, -1] {
            var map = SalvageMap(sectors: sectors)
            map.mark(0..<10, .bad)
            #expect(map.runs.isEmpty && map.sectorCount == 0)
        }
    }

    @Test func `the text of a map`() {
        var map = SalvageMap(sectors: 2_000_000)
        map.mark(0..<1_999_000, .finished)
        map.mark(16..<17, .bad)
        let lines = Self.text(map, 1_999_000, .copying).split(separator: "\n")
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
        var map = SalvageMap(sectors: count)
        map.mark(0..<count, .finished)
        for _ in 0..<50 {
            let start = Int.random(in: 0..<count, using: &generator)
            let state = try #require(Self.states.randomElement(using: &generator))
            map.mark(start..<start + Int.random(in: 1...40, using: &generator), state)
        }
        let text = Self.text(map, count, .finished)
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
        #expect(try inspect(Self.text(map, count, .finished), ["-D"]).0 == 0)
    }

    @Test(
        .enabled(if: Programs.has("ddrescuelog")),
        arguments: [SalvageMapFile.Activity.copying, .retrying, .finished]
    )
    func `ddrescue reads maps of what is not finished`(_ activity: SalvageMapFile.Activity) throws {
        var map = SalvageMap(sectors: 1000)
        map.mark(0..<500, .finished)
        let (code, said) = try inspect(Self.text(map, 500, activity), ["-t"])
        #expect(code == 0, "\(said)")
    }

    // MARK: Searching and several maps

    private static func random(_ sectors: Int, _ generator: inout SeededGenerator) throws
        -> SalvageMap
    {
        var map = SalvageMap(sectors: sectors)
        for _ in 0..<Int.random(in: 0...20, using: &generator) {
            let start = Int.random(in: 0..<sectors, using: &generator)
            let state = try #require(states.randomElement(using: &generator))
            map.mark(start..<start + Int.random(in: 1...9, using: &generator), state)
        }
        return map
    }

    private static func plain(_ map: SalvageMap) -> [SalvageMap.State] {
        map.runs.flatMap { run in run.sectors.map { _ in run.state } }
    }

    @Test(arguments: 0..<20)
    func `searches find what a plain list of sectors has`(_ seed: Int) throws {
        var generator = SeededGenerator(seed: UInt64(seed))
        let map = try Self.random(60, &generator)
        let plain = Self.plain(map)
        for sector in -3...63 {
            let state = plain.indices.contains(sector) ? plain[sector] : nil
            #expect(map.run(at: sector)?.state == state)
            for states: Set<SalvageMap.State> in [[.bad], [.untried, .unscraped]] {
                let first = plain.indices.first { $0 >= sector && states.contains(plain[$0]) }
                #expect(map.first(states, from: sector)?.sectors.lowerBound == first)
                let last = plain.indices.last { $0 < sector && states.contains(plain[$0]) }
                #expect(map.last(states, before: sector).map { $0.sectors.upperBound - 1 } == last)
            }
        }
        for size in [0, 1, 30, 59, 60, 61, 90] {
            var other = map
            other.resize(to: size)
            let fill = Array(repeating: SalvageMap.State.untried, count: max(0, size - 60))
            #expect(Self.plain(other) == plain.prefix(size) + fill)
            for state in Self.states {
                #expect(other.count(state) == Self.plain(other).count { $0 == state })
            }
        }
    }

    @Test(arguments: 0..<20)
    func `one map gains from another what only that one has read`(_ seed: Int) throws {
        var generator = SeededGenerator(seed: UInt64(seed))
        let map = try Self.random(60, &generator)
        let other = try Self.random(Int.random(in: 40...80, using: &generator), &generator)
        let (plain, theirs) = (Self.plain(map), Self.plain(other))
        let expected = plain.indices.filter {
            plain[$0] != .finished && $0 < theirs.count && theirs[$0] == .finished
        }
        let gains = map.gains(from: other)
        #expect(Array(gains.joined()) == expected)
        for (a, b) in zip(gains, gains.dropFirst()) { #expect(a.upperBound < b.lowerBound) }
    }
}
