import DiscFiles
import DiscImages
import LinuxCalls
import Reports
import SystemPackage
import TestSupport
import Testing

/// What a file is said to be, whatever its name, and where it ends.
struct IdentificationTests {
    private let folder: Folder

    init() throws {
        folder = try Folder()
    }

    /// A volume of ISO 9660 of 40 sectors, by the field table of ECMA-119.
    private func volume(_ sectors: Int = 40) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: sectors * 2048)
        func put(_ values: [UInt8], _ offset: Int) {
            for (index, value) in values.enumerated() { bytes[offset + index] = value }
        }
        put([1] + Array("CD001".utf8) + [1], 32768)
        put(Array("A NAME".utf8), 32768 + 40)
        put([40, 0, 0, 0, 0, 0, 0, 40], 32768 + 80)
        put([0, 8, 8, 0], 32768 + 128)
        put([34, 0, 20, 0, 0, 0, 0, 0, 0, 20], 32768 + 156)
        put([255] + Array("CD001".utf8) + [1], 34816)
        return bytes
    }

    private func reason(_ name: String, _ bytes: [UInt8]) throws -> String {
        let path = try folder.write(name, bytes)
        let failure = try #require(throws: Failure.self) { try DiscImage(path) }
        #expect(failure.cause == .source)
        #expect(failure.exitCode.rawValue == 1)
        #expect(failure.what.hasSuffix(".") && !failure.what.contains(". "))
        #expect(failure.what.contains(name))
        return failure.what
    }

    @Test func `what is no disc is named in one sentence`() throws {
        let zip = Array("PK".utf8) + [3, 4] + [UInt8](repeating: 1, count: 5000)
        #expect(try reason("disc.iso", zip).contains("is a zip archive"))
        #expect(try reason("disc.cue", Array("Dear reader,\n".utf8)).contains("is a text"))
        #expect(try reason("nothing.iso", []).contains("is empty"))
        let folder = try #require(throws: Failure.self) { try DiscImage("/usr") }
        #expect(folder.what == "/usr is a directory, not an image of a disc.")
        let device = try #require(throws: Failure.self) { try DiscImage("/dev/null") }
        #expect(device.what.contains("not a plain file"))
    }

    /// Two sessions of a track each, as the drive tells them, and two bytes behind them.
    @Test func `a table of contents of readom is no sheet of cdrdao`() throws {
        func entry(_ session: UInt8, _ point: UInt8) -> [UInt8] {
            [session, 0x14, 0, point, 0, 0, 0, 0, 1, 0, 0]
        }
        let points: [(UInt8, UInt8)] = [
            (1, 0xA0), (1, 0xA1), (1, 0xA2), (1, 1), (2, 0xA0), (2, 0xA1), (2, 0xA2), (2, 2),
        ]
        let entries = points.flatMap { entry($0.0, $0.1) }
        let table: [UInt8] = [0, UInt8(entries.count + 2), 1, 2] + entries + [4, 0x21]
        let words = "a table of contents as readom -clone writes it"
        #expect(try reason("clone.toc", table).contains(words))
        // Of another length it is something else.
        #expect(try !reason("other.toc", table + [0]).contains(words))
    }

    @Test func `what is known to be no disc can still be compared with one`() throws {
        let bytes = Array("%PDF-1.4\n".utf8) + [UInt8](repeating: 1, count: 5000)
        let image = try DiscImage(try folder.write("book.pdf", bytes), allowsAnything: true)
        #expect(image.byteCount == bytes.count)
    }

    @Test func `a broken image is told in one sentence that names the file once`() throws {
        let sheet = "FILE \"gone.bin\" BINARY\nTRACK 01 MODE1/2352\nINDEX 01 00:00:00\n"
        let what = try reason("lonely.cue", Array(sheet.utf8))
        #expect(what.components("lonely.cue") == 1)
        #expect(what.contains("gone.bin"))
    }

    @Test(arguments: [
        ("a.iso", false), ("a.img", false), ("a.mdf", true), ("a.nrg", true), ("a.bin", true),
        ("a.dmg", true), ("a.zip", true), ("a.chd", true), ("a", false), ("a.unheard", false),
    ])
    func `a name that misleads is told`(name: String, isMisleading: Bool) throws {
        let image = try DiscImage(try folder.write(name, volume()))
        #expect((image.nameContradiction != nil) == isMisleading)
        if let text = image.nameContradiction {
            #expect(text.contains("is a plain ISO image"))
            #expect(text.contains("named \(name.dropFirst())"))
        }
        #expect(image.content?.volumeIdentifier == "A NAME")
        #expect(image.geometry.map(\.stride) == [2048])
    }

    @Test(arguments: [0, 1, 2048, 2049, 20 * 2048])
    func `what is missing is counted to the byte`(missing: Int) throws {
        let bytes = Array(volume().dropLast(missing))
        let end = try #require(try DiscImage(try folder.write("a.iso", bytes)).end())
        #expect(end.claimedSectors == 40)
        #expect(end.missingBytes == missing)
        #expect(end.missingSectors == (missing + 2047) / 2048)
        #expect(end.sectorsBehind == 0)
    }

    @Test(arguments: [1, 150, 40000])
    func `zeros behind the end are told from data`(count: Int) throws {
        let path = try folder.write("a.iso", volume())
        let file = try File(path, .update)
        try file.setSize((40 + count) * 2048)
        let end = try #require(try DiscImage(path).end())
        #expect(end.sectorsBehind == count)
        #expect(end.areZeros == true)
        #expect(end.sectorsExamined == min(count, 32768))
        try file.write([1].span, at: (40 + count) * 2048 - 1)
        let other = try #require(try DiscImage(path).end())
        #expect(other.areZeros == (count > 32768))
        #expect(other.firstDataBehind == (count > 32768 ? nil : 40 + count - 1))
    }

    @Test func `data after the end is counted from where it begins`() throws {
        var bytes = volume() + [UInt8](repeating: 0, count: 30 * 2048)
        bytes[50 * 2048 + 7] = 1
        let end = try #require(try DiscImage(try folder.write("a.iso", bytes)).end())
        #expect(end.sectorsBehind == 30)
        #expect(end.firstDataBehind == 50)
        #expect(end.dataSectorsBehind == 20)
        #expect(end.areZeros == false)
    }

    /// Of a Video CD the file system is in the first track, and the rest holds form 2.
    @Test func `what other tracks hold is not after the file system's end`() throws {
        let sheet = """
            FILE "a.iso" BINARY
            TRACK 01 MODE1/2048
            INDEX 01 00:00:00
            FILE "b.bin" BINARY
            TRACK 02 MODE2/2336
            INDEX 01 00:00:00
            """
        _ = try folder.write("a.iso", volume())
        // Subheaders of form 2.
        let sector = [1, 1, 0x62, 0x0F, 1, 1, 0x62, 0x0F] + [UInt8](repeating: 9, count: 2328)
        _ = try folder.write("b.bin", (0..<300).flatMap { _ in sector })
        let image = try DiscImage(try folder.write("a.cue", Array(sheet.utf8)))
        let end = try #require(try image.end())
        #expect((end.sectorsBehind, end.sectorsExamined) == (0, 0))
        #expect(end.areZeros == nil, "nothing was looked at")
        #expect(try image.laterVolumes(end).isEmpty)
    }

    @Test(arguments: [0, 1, 11400], [true, false])
    func `a later session's file system is found after the first one's end`(
        gap: Int,
        isSession: Bool
    ) throws {
        let start = 40 + gap
        var second = volume()
        let root = UInt32(isSession ? start + 20 : 20)
        for index in 0..<4 {
            second[32768 + 158 + index] = UInt8(truncatingIfNeeded: root >> (8 * index))
            second[32768 + 165 - index] = UInt8(truncatingIfNeeded: root >> (8 * index))
        }
        let bytes = volume() + [UInt8](repeating: 0, count: gap * 2048) + second
        let image = try DiscImage(try folder.write("a.iso", bytes))
        let end = try #require(try image.end())
        let later = try image.laterVolumes(end)
        #expect(later.map(\.start) == [start])
        #expect(later.map(\.name) == ["A NAME"])
        #expect(later.map(\.isSession) == [isSession])
    }

    @Test func `a later track's file system is found, though the sheet has one session`() throws {
        var second = volume()
        second[32768 + 158] = 60
        second[32768 + 165] = 60
        _ = try folder.write("a.iso", volume())
        _ = try folder.write("b.iso", second)
        let sheet = """
            FILE "a.iso" BINARY
            TRACK 01 MODE1/2048
            INDEX 01 00:00:00
            FILE "b.iso" BINARY
            TRACK 02 MODE1/2048
            INDEX 01 00:00:00
            """
        let image = try DiscImage(try folder.write("a.cue", Array(sheet.utf8)))
        let later = try image.laterVolumes(try image.end())
        #expect(later.map(\.start) == [40])
        #expect(later.map(\.isSession) == [true])
    }

    @Test func `an image of zeros is known for one`() throws {
        let path = try folder.write("a.img", [UInt8](repeating: 0, count: 1 << 20))
        let zeros = try DiscImage(path).unclaimed()
        #expect(zeros.areZeros == true)
        #expect((zeros.sectorsExamined, zeros.sectorsBehind) == (512, 512))
        #expect(try DiscImage(try folder.write("b.img", volume())).unclaimed().areZeros == false)
        #expect(try DiscImage(path).end() == nil)
    }
}

extension String {
    /// How often a text occurs.
    fileprivate func components(_ text: String) -> Int {
        var (count, rest) = (0, self[...])
        while let range = rest.firstRange(of: text) {
            count += 1
            rest = rest[range.upperBound...]
        }
        return count
    }
}
