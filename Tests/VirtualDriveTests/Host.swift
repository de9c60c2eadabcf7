import DiscImages
import DiscModel
import FoundationEssentials
import LinuxCalls
import MMC
import SystemPackage
import TestSupport
import Testing
import VirtualDrive

/// A host with a recorder of its own and a disc in a temporary file.
final class Host {
    let drive: VirtualRecorder
    let path: FilePath
    private let folder: Folder

    init(
        _ medium: MediumKind,
        blank: BlankDisc? = nil,
        faults: [Fault] = [],
        profile: DriveProfile = .plain,
        quirks: Set<Quirk> = [],
        audio: AudioTraits? = nil,
        clock: ClockMode = .none
    ) throws {
        folder = try Folder()
        path = folder.path("disc")
        let disc = try VirtualDisc.create(at: path, medium: medium, blank: blank)
        drive = VirtualRecorder(
            disc: disc,
            faults: faults,
            profile: profile,
            quirks: quirks,
            audio: audio,
            clock: clock
        )
        settle()
    }

    /// A recorder with an image file in it.
    init(image: [UInt8]) throws {
        folder = try Folder()
        path = try folder.write("image", image)
        drive = VirtualRecorder(disc: try VirtualDisc(opening: path, for: .drive))
        settle()
    }

    deinit { drive.removeDisc() }

    /// Asks until the drive is ready.
    func settle() {
        for _ in 0..<20 {
            if (try? drive.send(.testUnitReady))?.status == .good { return }
        }
    }

    /// Sends a command that must succeed, and returns its data.
    @discardableResult
    func ask(_ cdb: [UInt8], _ length: Int = 0, at location: SourceLocation = #_sourceLocation)
        throws -> [UInt8]
    {
        let command = Command("TEST", cdb: cdb, data: length > 0 ? .fromDrive(length) : .none)
        let (completion, bytes) = try drive.fetch(command)
        #expect(
            completion.status == .good,
            "\(String(describing: completion.sense))",
            sourceLocation: location
        )
        return bytes
    }

    /// Sends a command with data that must succeed.
    func tell(_ cdb: [UInt8], _ data: [UInt8], at location: SourceLocation = #_sourceLocation)
        throws
    {
        let completion = try drive.send(
            Command("TEST", cdb: cdb, data: .toDrive(data.count)),
            sending: data
        )
        #expect(
            completion.status == .good,
            "\(String(describing: completion.sense))",
            sourceLocation: location
        )
    }

    /// Sends a command that must be refused, and returns key, code and qualifier.
    func refusal(_ cdb: [UInt8], _ length: Int = 0) throws -> String? {
        let command = Command("TEST", cdb: cdb, data: length > 0 ? .fromDrive(length) : .none)
        return try drive.fetch(command).0.sense.map(Self.code)
    }

    /// Sends a command with data that must be refused.
    func refusal(_ cdb: [UInt8], sending data: [UInt8]) throws -> String? {
        try drive.send(Command("TEST", cdb: cdb, data: .toDrive(data.count)), sending: data)
            .sense.map(Self.code)
    }

    static func code(_ sense: Sense) -> String {
        [sense.key.rawValue, sense.asc, sense.ascq].map { String($0, radix: 16) }
            .joined(separator: "/")
    }

    /// The sense bytes of a command that must be refused.
    func senseBytes(_ cdb: [UInt8], _ length: Int = 0) throws -> [UInt8] {
        let command = Command("TEST", cdb: cdb, data: length > 0 ? .fromDrive(length) : .none)
        return try drive.fetch(command).0.senseBytes
    }

    /// Track at once, and disc at once where a disc has it.
    func selectTAO(multiSession: Int = 0, blockType: Int = 8, trackMode: Int = 4) throws {
        try select {
            $0.writeType = WriteParameters.WriteType.trackAtOnce.rawValue
            $0.blockType = blockType
            $0.trackMode = trackMode
            $0.multiSession = multiSession
        }
    }

    /// A data CD that was written track at once and closed.
    static func dataCD(
        _ sectors: Int = 400,
        faults: [Fault] = [],
        quirks: Set<Quirk> = [],
        clock: ClockMode = .none
    ) throws -> Host {
        let host = try Host(.cdR, faults: faults, quirks: quirks, clock: clock)
        try host.selectTAO()
        try host.write(0..<sectors)
        try host.synchronize()
        try host.close(2)
        host.settle()
        return host
    }

    /// A disc with an audio track, written track at once and closed.
    static func audioCD(
        _ sectors: Int = 400,
        faults: [Fault] = [],
        profile: DriveProfile = .plain,
        quirks: Set<Quirk> = [],
        audio: AudioTraits? = nil
    ) throws -> Host {
        let host = try Host(
            .cdR,
            faults: faults,
            profile: profile,
            quirks: quirks,
            audio: audio
        )
        try host.selectTAO(blockType: 0, trackMode: 0)
        for start in stride(from: 0, to: sectors, by: 20) {
            try host.tell(write10(start, 20), payload(start, 20, size: 2352))
        }
        try host.synchronize()
        try host.close(2)
        host.settle()
        return host
    }

    /// Opens and shuts the tray.
    func reload() throws {
        try ask([0x1B, 0, 0, 0, 2, 0])
        try ask([0x1B, 0, 0, 0, 3, 0])
        settle()
    }

    static func be32(_ value: Int) -> [UInt8] {
        [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: value >> $0) }
    }

    static func write10(_ lba: Int, _ sectors: Int) -> [UInt8] {
        [0x2A, 0] + be32(lba) + [0, UInt8(sectors >> 8), UInt8(sectors & 0xFF), 0]
    }

    static func read10(_ lba: Int, _ sectors: Int) -> [UInt8] {
        [0x28, 0] + be32(lba) + [0, UInt8(sectors >> 8), UInt8(sectors & 0xFF), 0]
    }

    /// Sectors whose bytes tell their address.
    static func payload(_ lba: Int, _ sectors: Int, size: Int = 2048) -> [UInt8] {
        var bytes = [UInt8](repeating: UInt8(truncatingIfNeeded: lba), count: sectors * size)
        for sector in 0..<sectors {
            for (i, byte) in be32(lba + sector).enumerated() { bytes[sector * size + i] = byte }
        }
        return bytes
    }

    /// Writes sectors in commands of 32.
    func write(_ range: Range<Int>, size: Int = 2048) throws {
        for start in stride(from: range.lowerBound, to: range.upperBound, by: 32) {
            let count = min(32, range.upperBound - start)
            try tell(Self.write10(start, count), Self.payload(start, count, size: size))
        }
    }

    /// Whether sectors hold what ``write(_:size:)`` wrote.
    func holds(_ range: Range<Int>) throws -> Bool {
        for start in stride(from: range.lowerBound, to: range.upperBound, by: 32) {
            let count = min(32, range.upperBound - start)
            let bytes = try ask(Self.read10(start, count), count * 2048)
            let step = (start - range.lowerBound) % 32
            guard step == 0, bytes == Self.payload(start, count) else { return false }
        }
        return true
    }

    var discInformation: DiscInformation {
        get throws {
            try DiscInformation(parsing: try drive.fetch(.readDiscInformation).1)
        }
    }

    func track(_ selector: Command.TrackSelector) throws -> TrackInformation {
        try TrackInformation(parsing: try drive.fetch(.readTrackInformation(selector)).1)
    }

    var capacity: Int {
        get throws { try Capacity(parsing: try drive.fetch(.readCapacity).1).sectors }
    }

    var tableOfContents: TableOfContents {
        get throws {
            try TableOfContents(parsing: try drive.fetch(.readTableOfContents).1)
        }
    }

    func synchronize() throws { try ask([0x35, 0, 0, 0, 0, 0, 0, 0, 0, 0]) }

    func close(_ function: UInt8, track: Int = 0) throws {
        try ask([0x5B, 0, function, 0, UInt8(track >> 8), UInt8(track & 0xFF), 0, 0, 0, 0])
    }

    /// Sets the write parameters.
    func select(_ change: (inout WriteParameters) -> Void) throws {
        var parameters = WriteParameters()
        change(&parameters)
        let page: [UInt8] = [0x05, 50] + parameters.encoded
        try tell(
            [0x55, 0x10, 0, 0, 0, 0, 0, 0, 60, 0],
            Array(repeating: 0, count: 8) + page
        )
    }
}
