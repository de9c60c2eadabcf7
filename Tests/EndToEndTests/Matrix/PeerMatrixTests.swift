import Foundation
import TestSupport
import Testing

/// Peers × media × modes: what each peer writes, other peers read back equal.
@Suite struct PeerMatrixTests {
    /// The programs that read data back; each reads the whole of it.
    private static let dataReaders: [(name: String, command: @Sendable (Int, Int) -> String)] = [
        ("dd", { "dd if=$SPINDLE_DRIVE of=read bs=2048 skip=\($0) count=\($1)" }),
        ("readom", { "readom dev=$SPINDLE_DRIVE f=read sectors=\($0)-\($0 + $1)" }),
        (
            "ddrescue",
            { "ddrescue -b 2048 -i \($0 * 2048) -o 0 -s \($1 * 2048) $SPINDLE_DRIVE read map" }
        ),
    ]

    @Test(arguments: WriteMatrix.cells.filter { $0.way != nil })
    func `What a peer wrote, other peers read back`(cell: WriteMatrix.Cell) async throws {
        let way = try #require(cell.way)
        try Peers.require(cell.peer, "readom", "ddrescue", "cd-paranoia", "cdrdao", "cd-info")
        try await Scratch.use { scratch in
            try await MatrixSources.place(in: scratch, hasLarge: way.command.contains("large.iso"))
            let made = try await scratch.spindle(
                "virtual",
                "create",
                "disc",
                "--medium",
                cell.row.medium
            )
            try #require(made.status == 0, "\(made)")
            try await run(way.command, scratch, quirk: way.quirk)
            if let state = cell.row.state {
                #expect(try await scratch.info().state == state)
            }
            try await check(way.contents ?? cell.row.contents, scratch)
        }
    }

    @Test(arguments: ReadMatrix.cells.filter { $0.way != nil })
    func `What is on a disc, a peer reads`(cell: ReadMatrix.Cell) async throws {
        let way = try #require(cell.way)
        try Peers.require(cell.peer, "cdrskin")
        try await Scratch.use { scratch in
            try await MatrixSources.place(in: scratch, hasLarge: false)
            _ = try await scratch.spindle(
                "virtual",
                "create",
                "disc",
                "--medium",
                cell.row.medium
            )
            try await run(cell.row.writing, scratch)
            let outcome = try await run(way.command, scratch)
            switch way.finding {
            case .bytes(let sources):
                let source = try sources.map { try scratch.bytes($0) }.reduce(Data(), +)
                #expect(try firstDifference(of: scratch.bytes("read"), from: source) == nil)
            case .answers(let answers):
                for answer in answers {
                    #expect(outcome.output.contains(answer), "\(outcome)")
                }
            }
        }
    }

    @Test func `Each field of the tables has a command or a reason`() {
        for cell in WriteMatrix.cells {
            #expect((cell.way == nil) == (cell.reason != nil), "\(cell)")
        }
        for cell in ReadMatrix.cells {
            #expect((cell.way == nil) == (cell.reason != nil), "\(cell)")
        }
        for reason in WriteMatrix.reasons {
            #expect(WriteMatrix.cells.contains { $0.reason == reason.text }, "\(reason.text)")
        }
        for row in WriteMatrix.rows {
            #expect(Set(row.ways.keys).isSubset(of: WriteMatrix.peers))
        }
        for row in ReadMatrix.rows {
            #expect(Set(row.ways.keys).isSubset(of: ReadMatrix.peers))
        }
    }

    /// `Scripts/peer-matrix` has this write the tables once all the fields have been run.
    @Test func `The tables of the document are those of the facts`() throws {
        let isWriting = ProcessInfo.processInfo.environment["SPINDLE_WRITE_MATRIX"] != nil
        let document = try String(contentsOf: MatrixDocument.location, encoding: .utf8)
        let current = try #require(MatrixDocument.replacingTables(in: document))
        if isWriting, current != document {
            try current.write(to: MatrixDocument.location, atomically: true, encoding: .utf8)
        }
        #expect(isWriting || current == document, "Scripts/peer-matrix writes the tables")
    }

    // MARK: Running

    /// Runs a script under a clock that counts: nothing in it waits for the drive.
    @discardableResult
    private func run(_ script: String, _ scratch: Scratch, quirk: String? = nil) async throws
        -> Outcome
    {
        let options = quirk.map { ["--quirk", $0] } ?? []
        let outcome = try await scratch.run(
            [Products.spindle, "virtual", "run", "--disc", "disc", "--clock", "counted"]
                + options
                + ["--", "sh", "-c", script],
            // growisofs sleeps for most of a minute over discs of two layers.
            within: 240
        )
        try #require(outcome.status == 0, "\(outcome)")
        return outcome
    }

    // MARK: Checking

    private func check(_ contents: WriteMatrix.Contents, _ scratch: Scratch) async throws {
        switch contents {
        case .tracks(let names):
            let tracks = try await scratch.info().sessions?.flatMap(\.tracks) ?? []
            try #require(tracks.count == names.count)
            for (track, name) in zip(tracks, names) {
                try await checkData(name, at: track.start, scratch)
            }
        case .start(let name):
            try await checkData(name, at: 0, scratch)
        case .trees(let names):
            try await checkTrees(names, scratch)
        case .audio(let hasGap):
            try await checkAudio(hasGap: hasGap, scratch)
        case .fileSystem(let name):
            try await checkFileSystem(name, scratch)
        case .text:
            try await checkAudio(hasGap: false, scratch)
            let answer = try await run(
                "cd-info -C $SPINDLE_DRIVE --no-device-info --no-cddb",
                scratch
            )
            for title in MatrixSources.titles {
                #expect(
                    answer.output.contains("TITLE: \(title)\n"),
                    "\(answer)"
                )
            }
        }
    }

    private func checkData(_ name: String, at start: Int, _ scratch: Scratch) async throws {
        let source = try scratch.bytes(name)
        for reader in Self.dataReaders {
            try await run(
                "rm -f read map; \(reader.command(start, source.count / 2048))",
                scratch
            )
            let read = try scratch.bytes("read")
            #expect(firstDifference(of: read, from: source) == nil, "\(reader.name)")
        }
    }

    /// What was made, Spindle and udfinfo know, and all of the disc is theirs.
    private func checkFileSystem(_ name: String, _ scratch: Scratch) async throws {
        let outcome = try await run("\"$SPINDLE\" info", scratch)
        #expect(outcome.output.contains("holds     \(name)"), "\(outcome)")
        let answer = try await run("udfinfo $SPINDLE_DRIVE", scratch)
        #expect(answer.output.contains("blocks=295264\n"), "\(answer)")
    }

    private func checkTrees(_ names: [String], _ scratch: Scratch) async throws {
        try await run(
            "xorriso -osirrox on -indev $SPINDLE_DRIVE -extract / tree",
            scratch
        )
        for name in names {
            let read = try scratch.bytes("tree/\(name).bin")
            #expect(
                try firstDifference(of: read, from: scratch.bytes("\(name)/\(name).bin")) == nil
            )
        }
    }

    private func checkAudio(hasGap: Bool, _ scratch: Scratch) async throws {
        let tracks = try await scratch.info().sessions?.flatMap(\.tracks) ?? []
        try #require(tracks.map(\.content) == ["audio", "audio"])
        let sizes = ["one", "two"].compactMap { MatrixSources.sound[$0] }
        #expect(hasGap || tracks.map(\.sectors) == sizes)
        for (number, name) in ["one", "two"].enumerated() {
            // A track that was written on its own ends in run-out, which is no sound.
            let last = sizes[number] - 1
            let end = "\(last / 75).\(last % 75)"
            try await run(
                "cd-paranoia -q -d $SPINDLE_DRIVE -r '\(number + 1)[.0]-\(number + 1)[\(end)]' read",
                scratch
            )
            let source = try scratch.bytes("\(name).pcm")
            #expect(try firstDifference(of: scratch.bytes("read"), from: source) == nil)
        }
        guard !hasGap else { return }
        try await run(ReadMatrix.cdrdaoAudio, scratch)
        let both = try scratch.bytes("one.pcm") + scratch.bytes("two.pcm")
        #expect(try firstDifference(of: scratch.bytes("read"), from: both) == nil)
    }
}
