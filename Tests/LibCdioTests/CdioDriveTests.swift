import LibCdio
import SystemPackage
import TestSupport
import Testing

/// libcdio's view of drives in software, each question in a process that the interposer is loaded into.
@Suite struct CdioDriveTests {
    @Test func `The drives of the machine are listed with what they are and can do`() throws {
        let outcome = try CdioPlace().ask(
            "album.cue",
            options: ["--drive-model", "plain"],
            "devices"
        )
        let lines = outcome.output.split(separator: "\n").map(String.init)
        #expect(lines.first == "default /dev/sr0")
        #expect(lines.count == 5, "\(outcome)")
        #expect(lines.dropFirst().first?.hasPrefix("/dev/sr0|SPINDLE|") == true, "\(outcome)")
        #expect(lines.contains(#"reads ["audio", "cd-r", "dvd-rom", "mode2", "mcn", "isrc"]"#))
        #expect(lines.contains(#"writes ["cd-r", "cd-rw", "dvd-r", "dvd-ram"]"#))
        #expect(lines.contains(#"does ["closes", "ejects", "locks", "multisession"]"#))
    }

    @Test func `The table of contents has starts, ends and flags`() throws {
        let outcome = try CdioPlace().ask("album.cue", "table")
        #expect(
            outcome.output == """
                1 0 - 649 audio false false 2
                2 650 - 1199 audio true true 2
                3 1200 - 1599 audio false false 2
                lead-out 1600

                """
        )
    }

    @Test func `The disc's kind, last session, and codes are told`() throws {
        let outcome = try CdioPlace().ask("album.cue", "disc")
        #expect(
            outcome.output == """
                mode cd-da
                session 0
                mcn 1234567890123
                isrc 1 USABC0512345
                isrc 2 USABC0512346
                isrc 3 -

                """
        )
    }

    @Test func `CD-TEXT comes in packs and decoded`() throws {
        let place = try CdioPlace()
        let packs = try place.ask("album.cue", "packs")
        #expect(packs.bytes.count >= 18 && packs.bytes.count % 18 == 0)
        #expect(Array(packs.bytes.prefix(4)) == [0x80, 0, 0, 0])
        #expect(Array(packs.bytes[4..<12]) == Array("An Album".utf8))
        let text = try place.ask("album.cue", "text")
        #expect(
            text.output == """
                language English
                0 title An Album
                0 performer Some One
                1 title First
                2 title Second
                2 performer Other
                3 title Third

                """
        )
        #expect(CdioText(packs: packs.bytes)?.blocks.first?.text(.title, track: 2) == "Second")
        // A block without a description of its size.
        #expect(CdioText(packs: Array(packs.bytes.prefix(18))) == nil)
        #expect(CdioText(packs: []) == nil)
    }

    @Test func `A length of CD-TEXT beyond what came is not believed`() throws {
        let outcome = try CdioPlace().ask(
            "album.cue",
            // The first answer tells how much memory is taken.
            options: ["--fault", "reply command=read-toc set=0:FF"],
            "packs"
        )
        #expect(outcome.bytes.count <= 9216 + 4, "\(outcome.bytes.count)")
        #expect(Array(outcome.bytes.prefix(2)) == [0x80, 0])
    }

    @Test func `Tracks that no disc has are refused before libcdio makes room for them`() throws {
        for change in ["3:FF", "2:00", "2:63"] {
            let outcome = try CdioPlace().ask(
                "album.cue",
                options: ["--fault", "reply command=read-toc set=\(change)"],
                "table"
            )
            #expect(outcome.output.contains("the tracks would be numbered from"), "\(outcome)")
        }
    }

    @Test func `A drive without a disc has no table, and what is no drive can't be opened`() throws
    {
        let place = try CdioPlace()
        let empty = try place.ask(nil, "table")
        #expect(
            empty.output.hasPrefix("error libcdio's mmc_run_cmd_len(READ TOC) failed"),
            "\(empty)"
        )
        let file = try place.ask(nil, "open", "album.cue")
        #expect(
            file.output == "error libcdio's cdio_open_am failed: album.cue is no device.\n",
            "\(file)"
        )
        let none = try place.ask(nil, "open", "nothing.cue")
        #expect(none.output.contains("nothing.cue: No such file or directory"), "\(none)")
    }

    @Test func `The tray opens and closes, and a changed disc is told once`() throws {
        let place = try CdioPlace()
        let outcome = try place.askAll(
            "album.cue",
            "eject",
            "table",
            "close",
            "changed",
            "table",
            "speed x 8",
            "speed x -1"
        )
        let lines = outcome.output.split(separator: "\n").map(String.init)
        #expect(
            lines.first?.hasPrefix("error libcdio's mmc_run_cmd_len(READ TOC)") == true,
            "\(outcome)"
        )
        #expect(lines.dropFirst().first == "true false", "\(outcome)")
        #expect(lines.contains("lead-out 1600"))
        #expect(lines.last == "error libcdio's cdio_set_speed failed: -1 is not a speed.")
    }

    @Test func `A claimed drive is not ejected`() throws {
        let place = try CdioPlace()
        let peer = Products.directory.appending("LibCdioPeer").string
        let holder = Products.directory.appending("DriveNodePeer").string
        let outcome = try Programs.run(
            [
                Products.spindle, "virtual", "run", "--disc", "album.cue", "--", "sh", "-c",
                """
                \(holder) hold $SPINDLE_DRIVE > held & holder=$!
                while ! test -s held; do sleep 0.01; done
                \(peer) eject; \(peer) table; kill $holder
                """,
            ],
            in: place.folder.path
        )
        #expect(outcome.output.hasPrefix("error libcdio's cdio_eject_media failed:"), "\(outcome)")
        #expect(outcome.output.contains("lead-out 1600"), "\(outcome)")
        withExtendedLifetime(place) {}
    }
}
