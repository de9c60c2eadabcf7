import DiscFiles
import TestSupport
import Testing

/// Images that other programs made.
@Suite struct PeerImageTests {
    private func examine(_ bytes: [UInt8], padding: Int = 0) throws -> DiscContent {
        try .examine(MemorySource(bytes + [UInt8](repeating: 0, count: padding * 2048)))
    }

    @Test(.enabled(if: Tools.has("genisoimage")))
    func `genisoimage's end is its volume size, padding included`() throws {
        let bytes = try Tools.make(
            "out.iso",
            ["genisoimage", "-quiet", "-J", "-R", "-V", "Joliet_Name", "-o", "out.iso", "tree"]
        )
        let content = try examine(bytes, padding: 7)
        #expect(content.claimedEnd == bytes.count / 2048)
        #expect(content.volumeIdentifier == "Joliet_Name")
        #expect(content.claims.map(\.version) == ["Joliet 3, Rock Ridge"])
        #expect(content.iso9660?.rockRidge == "RRIP_1991A")
        #expect(content.iso9660?.main?.creationDate != nil)
    }

    @Test(.enabled(if: Tools.has("genisoimage")), arguments: ["-pad", "-no-pad"])
    func `genisoimage's UDF ends with its last anchor`(padding: String) throws {
        let bytes = try Tools.make(
            "out.iso",
            ["genisoimage", "-quiet", "-udf", padding, "-V", "BRIDGE", "-o", "out.iso", "tree"]
        )
        for added in [0, 1, 15, 300] {
            let content = try examine(bytes, padding: added)
            #expect(content.claims.map(\.kind) == [.iso9660, .udf])
            #expect(content.claims.map(\.end) == [UInt64(bytes.count), UInt64(bytes.count)])
            #expect(content.udf?.revision == "1.02")
            #expect(content.udf?.logicalVolumeIdentifier == "BRIDGE")
        }
    }

    @Test(
        .enabled(if: Tools.has("genisoimage")),
        arguments: [["genisoimage", "-quiet"], ["xorriso", "-as", "mkisofs", "-quiet"]]
    )
    func `A later session's size counts from its beginning`(program: [String]) throws {
        guard let name = program.first, Tools.has(name) else { return }
        let options = ["-R", "-C", "0,400", "-M", "one.iso", "-o", "two.iso", "tree/below"]
        let one = program + ["-R", "-o", "one.iso", "tree"]
        let second = try Tools.make("two.iso", one, program + options)
        let first = try Tools.make("one.iso", one)
        #expect(first.count / 2048 <= 400)
        var disc = first + [UInt8](repeating: 0, count: 400 * 2048 - first.count) + second
        disc += [UInt8](repeating: 0, count: 2 * 2048)
        let content = try DiscContent.examine(MemorySource(disc), sessionStart: 400)
        #expect(content.claimedEnd == 400 + second.count / 2048)
        #expect(content.iso9660?.rockRidge != nil)
        #expect(try examine(disc).claimedEnd == first.count / 2048)
    }

    @Test(.enabled(if: Tools.has("xorriso")))
    func `xorriso's GPT ends behind its volume size`() throws {
        let bytes = try Tools.make(
            "out.iso",
            [
                "xorriso", "-as", "mkisofs", "-quiet", "-r", "-J", "-o", "out.iso",
                "-appended_part_as_gpt", "-append_partition", "2", "0xef",
                "tree/below/a file with a long name", "tree",
            ]
        )
        let content = try examine(bytes, padding: 20)
        #expect(content.guidPartitionTable?.hasAlternate == true)
        #expect(content.guidPartitionTable?.hasValidEntries == true)
        #expect(content.claimedEnd == bytes.count / 2048)
        let volume = try #require(content.iso9660?.endCountedFromDisc)
        #expect(volume < UInt64(bytes.count))
    }

    @Test(.enabled(if: Tools.has("xorriso")))
    func `xorriso's boot entries are found`() throws {
        let bytes = try Tools.make(
            "out.iso",
            [
                "xorriso", "-as", "mkisofs", "-quiet", "-R", "-o", "out.iso", "-b",
                "below/a file with a long name", "-no-emul-boot", "-eltorito-alt-boot", "-e",
                "below/a file with a long name", "-no-emul-boot", "tree",
            ]
        )
        let content = try examine(bytes)
        #expect(content.bootEntries.map(\.platform) == [.x86, .efi])
        #expect(content.bootEntries.allSatisfy { $0.isBootable && $0.emulation == .none })
    }

    @Test(.enabled(if: Tools.has("mkudffs")), arguments: ["1.50", "2.01"])
    func `mkudffs's volume ends with its last anchor`(revision: String) throws {
        let bytes = try Tools.make(
            "out.udf",
            ["truncate", "-s", "8M", "out.udf"],
            [
                "mkudffs", "--blocksize=2048", "--media-type=dvdrw", "--label=A label",
                "--udfrev=\(revision)", "out.udf",
            ]
        )
        for added in [0, 2, 15, 31] {
            let content = try examine(bytes, padding: added)
            #expect(content.claimedEnd == 4096)
            #expect(content.udf?.revision == revision)
            #expect(content.udf?.logicalVolumeIdentifier == "A label")
        }
    }

    @Test(.enabled(if: Tools.has("sgdisk")))
    func `sgdisk's table is read as it was written`() throws {
        let bytes = try Tools.make(
            "out.img",
            ["truncate", "-s", "4M", "out.img"],
            ["sgdisk", "-a", "1", "-n", "1:64:1000", "-c", "1:First", "out.img"]
        )
        let content = try examine(bytes, padding: 3)
        #expect(content.claimedEnd == 2048)
        #expect(content.guidPartitionTable?.partitions.map(\.name) == ["First"])
        #expect(content.masterBootRecord?.partitions.map(\.isProtective) == [true])
    }

    /// Debian's ipxe.iso ends where its MBR says; memtest86+'s have 150 zero sectors behind that.
    @Test(arguments: [
        ("/usr/lib/ipxe/ipxe.iso", [845, 1024], 0),
        ("/usr/lib/memtest86+/memtest86+ia32.iso", [824, 2872], 150),
        ("/usr/lib/memtest86+/memtest86+x64.iso", [826, 2874], 150),
    ])
    func `Images that Debian ships end behind their volume size`(
        path: String,
        ends: [UInt64],
        padding: Int
    ) throws {
        guard Tools.exists(path) else { return }
        let bytes = try Tools.contents(path)
        let content = try examine(bytes)
        #expect(content.claims.map(\.kind) == [.iso9660, .masterBootRecord])
        // Other releases than Debian 12's have other sizes, with the same relations.
        let claimed = try #require(content.claimedEnd)
        #expect(claimed + padding == bytes.count / 2048)
        #expect(bytes[(claimed * 2048)...].allSatisfy { $0 == 0 })
        if UInt64(claimed) == ends.last {
            #expect(content.claims.map { $0.end.map { $0 / 2048 } } == ends.map(Optional.some))
        }
        #expect(content.bootEntries.contains { $0.isBootable })
    }
}
