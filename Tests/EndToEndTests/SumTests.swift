import Foundation
import TestSupport
import Testing

/// Checksums of discs, images, tracks and files.
@Suite struct SumTests {
    private func make(in scratch: Scratch) async throws {
        let made = try await scratch.shell(
            """
            set -e
            mkdir -p tree/sub; echo 1 >tree/one; head -c 500000 /dev/urandom >tree/sub/noise
            echo b >'tree/back\\slash'; : >tree/empty
            genisoimage -quiet -R -pad -o x.iso tree
            """
        )
        try #require(made.status == 0, "\(made)")
    }

    @Test(arguments: [
        ("sha256", "sha256sum"), ("md5", "md5sum"), ("sha1", "sha1sum"), ("sha512", "sha512sum"),
        ("blake2b", "b2sum"),
    ])
    func `The usual programs check what is printed`(name: String, program: String) async throws {
        try await Scratch.use { scratch in
            try await make(in: scratch)
            for tag in ["", "--tag"] {
                let checked = try await scratch.shell(
                    """
                    set -e
                    \(Products.spindle) sum x.iso --sum \(name) \(tag) >list
                    \(program) --strict -c list
                    \(Products.spindle) sum --files x.iso --sum \(name) \(tag) >list
                    [ $(wc -l <list) = 4 ]
                    cd tree; \(program) --strict -c ../list
                    """
                )
                #expect(checked.status == 0, "\(checked)")
            }
        }
    }

    @Test(arguments: ["", "--tracks"])
    func `What takes long shows how far it is, and the sums stand alone`(what: String) async throws
    {
        try await Scratch.use { scratch in
            let printed = try await scratch.shell(
                "truncate -s 1500M x.iso; \(Products.spindle) sum \(what) --sum sha512,md5 --progress plain x.iso"
            )
            #expect(printed.status == 0, "\(printed)")
            #expect(printed.errors.contains("%"), "\(printed)")
            #expect(printed.lines.count == 2 && !printed.output.contains("%"), "\(printed)")
            let json = try await scratch.shell(
                "\(Products.spindle) sum \(what) --json --progress plain x.iso"
            )
            #expect(json.output.hasPrefix("{\"version\":1,\"sums\":["), "\(json)")
            #expect(json.errors.isEmpty, "\(json)")
        }
    }

    @Test func `Several sums of several images are printed, and lists of SFV`() async throws {
        try await Scratch.use { scratch in
            try await make(in: scratch)
            try scratch.write(try scratch.bytes("x.iso"), to: "y.iso")
            let printed = try await scratch.spindle(
                "sum",
                "x.iso",
                "y.iso",
                "--sum",
                "md5,crc32",
                "--quiet"
            )
            #expect(printed.status == 0)
            #expect(printed.lines.count == 4)
            let crc = try await scratch.shell(
                "python3 -c 'import zlib;print(\"%08X\" % zlib.crc32(open(\"x.iso\",\"rb\").read()))'"
            )
            #expect(printed.lines[1] == "x.iso \(crc.lines[0])")
            // What is odd about an image is told beside its checksums.
            let tail = try await scratch.shell("gzip -c x.iso >x.iso.gz; echo abc >>x.iso.gz")
            #expect(tail.status == 0)
            let told = "After the packed data lie 4 more bytes."
            for what in [[], ["--tracks"]] as [[String]] {
                let words = [Products.spindle, "sum", "x.iso.gz"] + what
                let odd = try await scratch.run(words, within: 60)
                #expect(odd.status == 0 && odd.errors.contains(told), "\(odd)")
                let json = try await scratch.run(words + ["--json"], within: 60)
                #expect(json.output.contains("\"notes\":[\"\(told)\"]"), "\(json)")
            }
            let json = try await scratch.spindle("sum", "x.iso", "--json")
            #expect(json.output.contains("\"sha256\":\"\(try await scratch.sha256("x.iso"))\""))
            let missing = try await scratch.spindle("sum", "nope.iso")
            #expect(missing.status == 1)
        }
    }

    @Test(arguments: [2, 1500])
    func `A disc that can't be read costs no other its sums`(count: Int) async throws {
        try await Scratch.use { scratch in
            // Little, and more than is printed at once.
            let made = try await scratch.shell(
                "head -c 40960 /dev/urandom >x.iso; sha256sum x.iso | cut -c1-64 >sum"
            )
            try #require(made.status == 0, "\(made)")
            let sum = try scratch.text("sum").trimmingCharacters(in: .whitespacesAndNewlines)
            let discs =
                [String](repeating: "x.iso", count: count - 1) + ["nowhere.iso", "x.iso"]
            let words = try await scratch.run([Products.spindle, "sum"] + discs)
            #expect(words.status == 1, "\(words.errors)")
            #expect(words.lines == [String](repeating: "\(sum)  x.iso", count: count))
            #expect(words.errors.contains("nowhere.iso can't be found"))
            let json = try await scratch.run([Products.spindle, "sum", "--json"] + discs)
            #expect(json.status == 1)
            let document = try #require(
                try JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [String: Any]
            )
            let sums = try #require(document["sums"] as? [[String: Any]])
            #expect(sums.count == count + 1)
            #expect(sums.filter { $0["problem"] == nil }.count == count)
            #expect(sums[count - 1]["name"] as? String == "nowhere.iso")
            #expect((sums[count - 1]["problem"] as? String)?.contains("can't be found") == true)
            // A disc that is the only one has no answer.
            let alone = try await scratch.run([Products.spindle, "sum", "--json", "nowhere.iso"])
            #expect(alone.status == 1 && alone.output.isEmpty)
        }
    }

    @Test func `What lies before the first track counts as it does in an image`() async throws {
        try await Scratch.use { scratch in
            let sheet = """
                FILE "data.iso" BINARY
                  TRACK 01 MODE1/2048
                    INDEX 00 00:00:00
                    INDEX 01 00:02:00

                """
            try Album.place(sheet, in: scratch)
            let outcome = try await scratch.withDrive(
                "album.cue",
                run: "\"$SPINDLE\" rip x.iso --quiet && \"$SPINDLE\" sum --quiet"
            )
            let sum = try await scratch.sha256("x.iso")
            #expect(outcome.output.hasPrefix(sum), "\(outcome)")
        }
    }

    /// A drive tells of another disc once, and gives that one's sectors from then on.
    @Test func `Nothing is read of a disc that came in between`() async throws {
        try await Scratch.use { scratch in
            let made = try await scratch.shell(
                """
                mkdir files; for f in a b c d; do head -c 204800 /dev/urandom >files/$f; done
                "\(Products.spindle)" create x.iso files --quiet
                """
            )
            try #require(made.status == 0, "\(made)")
            let faults = ["attention lba=180 count=1"]
            let sums = try await scratch.withDrive(
                "x.iso",
                faults: faults,
                run: "exec \"$SPINDLE\" sum --files"
            )
            #expect(sums.status == 1, "\(sums)")
            #expect(sums.lines.count == 1 && sums.output.hasSuffix("  a\n"), "\(sums)")
            let files = try await scratch.withDrive(
                "x.iso",
                faults: faults,
                run: "\"$SPINDLE\" extract $SPINDLE_DRIVE --to out; echo $? $(ls out)"
            )
            #expect(files.output.hasSuffix("1 a\n"), "\(files)")
            let compared = try await scratch.withDrive(
                "x.iso",
                faults: faults,
                run: "exec \"$SPINDLE\" verify files $SPINDLE_DRIVE"
            )
            #expect(compared.status != 0, "\(compared)")
            #expect(compared.said.contains("d can't be read"), "\(compared)")
        }
    }

    @Test func `That a track ends in run-out, which counts as zeros, is said`() async throws {
        try await Scratch.use { scratch in
            _ = try Image.ipxe.place(in: scratch)
            try await scratch.makeDisc(.cdR)
            try await scratch.burn(Image.ipxe.rawValue, "--mode", "tao")
            let outcome = try await scratch.withDrive(
                "disc",
                run: "exec \"$SPINDLE\" sum --tracks $SPINDLE_DRIVE"
            )
            #expect(outcome.status == 0, "\(outcome)")
            #expect(outcome.lines.count == 1, "\(outcome)")
            #expect(outcome.errors.contains("ends in 2 sectors of run-out"), "\(outcome)")
        }
    }

    @Test func `A disc and its tracks have the sums of what was burned`() async throws {
        try await Scratch.use { scratch in
            try await make(in: scratch)
            try await scratch.makeDisc(.dvdPlusR)
            _ = try await scratch.burn("x.iso")
            let sum = try await scratch.sha256("x.iso")
            let whole = try await scratch.withDrive("disc", run: "exec \"$SPINDLE\" sum --quiet")
            #expect(whole.output.hasPrefix(sum), "\(whole)")
            let track = try await scratch.spindle("sum", "--tracks", "x.iso", "--quiet")
            #expect(track.output == "\(sum)  x.iso#track01\n", "\(track)")
        }
    }

    @Test func `An implanted MD5 is checked both ways, and damage is found`() async throws {
        try await Scratch.use { scratch in
            try await make(in: scratch)
            let both = try await scratch.shell(
                """
                set -e
                cp x.iso theirs.iso; cp x.iso ours.iso
                implantisomd5 theirs.iso >/dev/null
                \(Products.spindle) sum --implant ours.iso
                cmp theirs.iso ours.iso
                checkisomd5 ours.iso >/dev/null
                \(Products.spindle) sum --check theirs.iso
                """
            )
            #expect(both.status == 0, "\(both)")
            let again = try await scratch.spindle("sum", "--implant", "ours.iso")
            #expect(again.status == 1)
            let forced = try await scratch.spindle("sum", "--implant", "ours.iso", "--force")
            #expect(forced.status == 0, "\(forced)")
            #expect(try scratch.bytes("ours.iso") == scratch.bytes("theirs.iso"))
            var bytes = try scratch.bytes("ours.iso")
            bytes[200_000] ^= 1
            try scratch.write(bytes, to: "bad.iso")
            let bad = try await scratch.spindle("sum", "--check", "bad.iso")
            #expect(bad.status == 2, "\(bad)")
            let none = try await scratch.spindle("sum", "--check", "x.iso")
            #expect(none.status == 1)
            let before = try scratch.bytes("x.iso")
            _ = try await scratch.shell("ln -s x.iso link.iso")
            let link = try await scratch.spindle("sum", "--implant", "link.iso")
            #expect(link.status == 1, "\(link)")
            #expect(try scratch.bytes("x.iso") == before)
        }
    }

    @Test func `An implanted MD5 is not said to be of more than it is`() async throws {
        try await Scratch.use { scratch in
            try await make(in: scratch)
            let made = try await scratch.shell(
                """
                set -e
                cp x.iso one.iso; $SPINDLE sum --implant one.iso; cp one.iso two.iso; cp one.iso none.iso
                echo more >more.txt; $SPINDLE add two.iso more.txt --session
                sed -i 's/SKIPSECTORS = 15;RHLI/SKIPSECTORS = 999999;/' none.iso; [ $(stat -c %s none.iso) = $(stat -c %s one.iso) ]
                """
            )
            #expect(made.status == 0, "\(made)")
            let one = try await scratch.spindle("sum", "--check", "one.iso", "--json")
            #expect(try one.result().sentences?.count == 1)
            #expect(one.output.contains("its last 15 sectors are not part of that"), "\(one)")
            let sectors = try scratch.bytes("two.iso").count / 2048
            let volume = try scratch.bytes("one.iso").count / 2048
            let two = try await scratch.spindle("sum", "--check", "two.iso", "--json")
            let rest = "its last \(sectors - volume + 15) sectors are not part of that"
            #expect(two.output.contains(rest), "\(two)")
            #expect(two.output.contains("Of session 2 nothing was checked."), "\(two)")
            let none = try await scratch.spindle("sum", "--check", "none.iso")
            #expect(none.status == 1, "\(none)")
            #expect(none.errors.contains("is of none of its sectors"), "\(none)")
        }
    }

    @Test func `All files of a list are checked`() async throws {
        try await Scratch.use { scratch in
            try await make(in: scratch)
            let made = try await scratch.shell(
                "cd tree && find . -type f -exec sha256sum {} + >SHA256SUMS; cd .. && sha256sum tree/one >OTHER.sha256"
            )
            #expect(made.status == 0)
            _ = try await scratch.shell("sed -i /SHA256SUMS/d tree/SHA256SUMS")
            let right = try await scratch.spindle("verify", "tree/SHA256SUMS", "--json")
            #expect(right.status == 0, "\(right)")
            #expect(try right.result().status == "verified")
            #expect(try await scratch.spindle("verify", "OTHER.sha256").status == 0)
            // A list that was cut off does not say what it named.
            _ = try await scratch.shell(
                "{ cat OTHER.sha256; head -c 50 OTHER.sha256; } >CUT.sha256"
            )
            let cut = try await scratch.spindle("verify", "CUT.sha256")
            #expect(cut.status == 1, "\(cut)")
            #expect(
                cut.errors.contains("Line 2 of CUT.sha256 is not properly formatted"),
                "\(cut)"
            )
            _ = try await scratch.shell("rm tree/empty")
            let missing = try await scratch.spindle("verify", "tree/SHA256SUMS", "--json")
            #expect(missing.status == 1)
            #expect(try missing.result().status == "not-verified")
            _ = try await scratch.shell("echo 2 >tree/one")
            let wrong = try await scratch.spindle("verify", "tree/SHA256SUMS")
            #expect(wrong.status == 2)
            #expect(wrong.errors.contains("one has another SHA-256"), "\(wrong)")
        }
    }
}
