import LibCdio
import LinuxCalls
import SecondOpinion
import SystemPackage
import TestSupport
import Testing

/// What becomes of the process of the second opinion, and of nothing else, with files that are wrong.
@Suite struct HostileOpinionTests {
    private func error(of question: OpinionQuestion) -> OpinionError? {
        do throws(OpinionError) {
            _ = try OpinionTests.ask(question)
            return nil
        } catch {
            return error
        }
    }

    @Test func `An assertion of libcdio's is libcdio giving up`() throws {
        let folder = try Folder()
        // Nero's footer, which libcdio wants to begin within the last 4096 bytes.
        let footer: [UInt8] = Array("NER5".utf8) + [0, 0, 0, 0, 0, 0, 0, 16]
        try folder.write("x.nrg", [UInt8](repeating: 0, count: 20_000) + footer)
        let error = error(of: .table(of: folder.path("x.nrg"), driver: .nrg))
        #expect(error?.code == .gaveUp)
        #expect(error?.description == "libcdio gave up: its process ended with code 3.")
    }

    @Test func `A crash of libcdio's is libcdio giving up`() throws {
        let folder = try Folder()
        try folder.write("x.bin", [UInt8](repeating: 0, count: 2352))
        // Of this mode the driver knows no size, by which it divides.
        try folder.write("x.toc", "CD_ROM\nTRACK MODE2\nDATAFILE \"x.bin\"\n")
        let error = error(of: .table(of: folder.path("x.toc"), driver: .toc))
        #expect(error?.code == .gaveUp)
        // SIGFPE
        #expect(error?.description == "libcdio gave up: its process was ended by signal 8.")
    }

    @Test func `One that hangs is not waited for, and is gone afterwards`() throws {
        let folder = try Folder()
        try Programs.run(["mkfifo", "hanging-sheet.bin"], in: folder)
        try folder.write(
            "hanging-sheet.cue",
            "FILE \"hanging-sheet.bin\" BINARY\n  TRACK 01 AUDIO\n    INDEX 01 00:00:00\n"
        )
        var question = OpinionQuestion.table(of: folder.path("hanging-sheet.cue"), driver: .cue)
        question.seconds = 0.5
        let start = Clock.seconds
        let error = error(of: question)
        #expect(error?.code == .gaveUp)
        #expect(error?.description.contains("no answer within") == true)
        #expect(Clock.seconds - start < 5)
        // The brackets keep grep from finding itself.
        let left = try Programs.run(["sh", "-c", "grep -la 'hanging-shee[t]' /proc/[0-9]*/cmdline"])
        #expect(left.output.isEmpty, "\(left)")
    }

    @Test func `It lives under limits, and no longer than its parent`() throws {
        let folder = try Folder()
        try Programs.run(["mkfifo", "x.bin"], in: folder)
        try folder.write(
            "x.cue",
            "FILE \"x.bin\" BINARY\n  TRACK 01 AUDIO\n    INDEX 01 00:00:00\n"
        )
        let program = Products.directory.appending(OpinionProcess.program).string
        let outcome = try Programs.run(
            [
                "sh", "-c",
                """
                sh -c '\(program) 500000000 7 32 $$ table bincue x.cue >/dev/null & echo $! >pid; wait' &
                while ! [ -s pid ] || ! grep -q "file size *0 *0" /proc/$(cat pid)/limits; do
                    sleep 0.01
                done
                grep -E "cpu|file size|core|open files|address" /proc/$(cat pid)/limits | tr -s ' '
                grep NoNewPrivs /proc/$(cat pid)/status
                kill -9 $!
                while kill -0 $(cat pid) 2>/dev/null; do sleep 0.01; done
                echo gone
                """,
            ],
            in: folder.path,
            within: 20
        )
        for line in [
            "Max cpu time 7 7 seconds", "Max file size 0 0 bytes", "Max core file size 0 0 bytes",
            "Max open files 32 32 files", "Max address space 500000000 500000000 bytes",
            "NoNewPrivs:\t1", "gone",
        ] {
            #expect(outcome.output.contains(line), "\(outcome)")
        }
        // One whose parent is another process than it was told works for nobody.
        let orphan = try Programs.run([
            program, "500000000", "7", "32", "1", "table", "bincue", "x.cue",
        ])
        #expect(orphan.status == 1 && orphan.output.isEmpty, "\(orphan)")
        withExtendedLifetime(folder) {}
    }

    @Test func `A directory larger than all memory is one that can't be listed`() throws {
        let folder = try Folder()
        try folder.write("tree/a.txt", "abc")
        try Programs.run(["genisoimage", "-quiet", "-o", "x.iso", "tree"], in: folder)
        var bytes = try folder.read("x.iso")
        // The size in the root's directory record, both ways round.
        for (index, byte) in [0x00, 0xF8, 0xFF, 0xFF, 0xFF, 0xFF, 0xF8, 0x00].enumerated() {
            bytes[16 * 2048 + 156 + 10 + index] = UInt8(byte)
        }
        try folder.write("x.iso", bytes)
        let file = try File(folder.path("x.iso"), .read)
        let lines = try OpinionTests.ask(.tree(of: file, names: .primary, mostBytes: 1 << 20))
        #expect(lines.map(\.kind) == [.volume, .unlisted])
    }

    /// Whatever becomes of the library, this process goes on and says so.
    @Test func `Damaged and cut images end in an answer or an error`() throws {
        let folder = try Folder()
        try folder.write("tree/Some long name.txt", "abc")
        try folder.write("tree/sub/deep/two.bin", [UInt8](repeating: 7, count: 9000))
        try Programs.run(["genisoimage", "-quiet", "-R", "-J", "-o", "x.iso", "tree"], in: folder)
        try folder.write("x.bin", [UInt8](repeating: 0, count: 1000 * 2352))
        try folder.write(
            "x.cue",
            "FILE \"x.bin\" BINARY\n TRACK 01 AUDIO\n  TITLE \"A\"\n  INDEX 01 00:00:00\n"
        )
        try Programs.run(
            [Products.spindle, "convert", "x.cue", "x.nrg", "--allow-loss"],
            in: folder
        )
        var generator = SeededGenerator(seed: 11)
        let iso = try folder.read("x.iso")
        let nrg = try folder.read("x.nrg")
        let cue = try folder.read("x.cue")
        for round in 0..<Soak.count(40, long: 4000) {
            var bytes = iso
            // Descriptors and directories are in the first sectors behind the sixteenth.
            for _ in 0..<Int.random(in: 1...6, using: &generator) {
                let place = Int.random(
                    in: (16 * 2048)..<min(iso.count, 40 * 2048),
                    using: &generator
                )
                bytes[place] = .random(in: 0...255, using: &generator)
            }
            if round % 8 == 0 {
                bytes.removeLast(Int.random(in: 1...(iso.count - 1), using: &generator))
            }
            try folder.write("h.iso", bytes)
            let file = try File(folder.path("h.iso"), .read)
            let names: OpinionQuestion.Names = round % 2 == 0 ? .primary : .joliet
            _ = error(of: .tree(of: file, names: names, mostBytes: 1 << 20))
            bytes = round % 2 == 0 ? nrg : cue
            let first = round % 2 == 0 ? nrg.count - 200 : 0
            for _ in 0..<Int.random(in: 1...4, using: &generator) {
                bytes[Int.random(in: first..<bytes.count, using: &generator)] =
                    .random(in: 0...255, using: &generator)
            }
            let name = round % 2 == 0 ? "h.nrg" : "h.cue"
            try folder.write(name, bytes)
            _ = error(of: .table(of: folder.path(name), driver: round % 2 == 0 ? .nrg : .cue))
        }
    }
}
