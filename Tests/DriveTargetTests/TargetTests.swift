import DiscImages
import DiscModel
import DriveTarget
import LibCrypto
import LinuxCalls
import SystemPackage
import TestSupport
import Testing
import VirtualDrive

/// An initiator that says what a test wants it to say.
private final class Initiator {
    let socket: StreamSocket
    var number: UInt32 = 1
    private var buffer: [UInt8] = []

    init(_ address: InternetAddress) throws {
        socket = try StreamSocket(connectingTo: address)
    }

    func send(_ header: [UInt8], _ data: [UInt8] = []) throws {
        var bytes = header
        bytes[5] = UInt8(data.count >> 16 & 0xFF)
        bytes[6] = UInt8(data.count >> 8 & 0xFF)
        bytes[7] = UInt8(data.count & 0xFF)
        bytes += data
        while bytes.count % 4 != 0 { bytes.append(0) }
        try socket.send(bytes.span)
    }

    static func header(_ opcode: UInt8, _ flags: UInt8, tag: UInt32) -> [UInt8] {
        var header = [UInt8](repeating: 0, count: 48)
        header[0] = opcode
        header[1] = flags
        put(&header, 16, tag)
        return header
    }

    static func put(_ header: inout [UInt8], _ place: Int, _ number: UInt32) {
        for i in 0..<4 { header[place + i] = UInt8(truncatingIfNeeded: number >> (24 - 8 * i)) }
    }

    private func take(_ count: Int) throws -> [UInt8]? {
        while buffer.count < count {
            guard socket.waitForInput(seconds: 20) else { return nil }
            var part = [UInt8](repeating: 0, count: 1 << 16)
            var span = part.mutableSpan
            let got = try socket.receive(into: &span)
            guard got > 0 else { return nil }
            buffer += part[..<got]
        }
        defer { buffer.removeFirst(count) }
        return Array(buffer[..<count])
    }

    /// The next answer; `nil` if the target ended the connection.
    func answer() throws -> (header: [UInt8], data: [UInt8])? {
        guard let header = try take(48) else { return nil }
        let count = Int(header[5]) << 16 | Int(header[6]) << 8 | Int(header[7])
        guard let data = try take((count + 3) / 4 * 4) else { return nil }
        return (header, Array(data[..<count]))
    }

    static func keys(_ pairs: [String]) -> [UInt8] { pairs.flatMap { Array($0.utf8) + [0] } }

    static func values(_ data: [UInt8]) -> [String: String] {
        var values: [String: String] = [:]
        for part in data.split(separator: 0) {
            let text = String(decoding: part, as: UTF8.self).split(separator: "=", maxSplits: 1)
            values[String(text[0])] = text.count > 1 ? String(text[1]) : ""
        }
        return values
    }

    /// Logs in in one step; the class and the detail of the answer's status.
    func logIn(_ keys: [String], stage: UInt8 = 1) throws -> (UInt8, UInt8)? {
        var header = Self.header(0x43, 0x83 | stage << 2, tag: 7)
        Self.put(&header, 24, number)
        try send(header, Self.keys(keys))
        return try answer().map { ($0.header[36], $0.header[37]) }
    }

    /// Sends a command, and gathers its data and its status.
    func command(
        _ cdb: [UInt8],
        reading count: UInt32 = 0,
        writing data: [UInt8] = [],
        tag: UInt32 = 9
    )
        throws -> (status: UInt8, data: [UInt8])?
    {
        let flags: UInt8 = 0x80 | (count > 0 ? 0x40 : 0) | (data.isEmpty ? 0 : 0x20)
        var header = Self.header(0x01, flags, tag: tag)
        Self.put(&header, 20, data.isEmpty ? count : UInt32(data.count))
        Self.put(&header, 24, number)
        number &+= 1
        for (i, byte) in cdb.enumerated() { header[32 + i] = byte }
        try send(header)
        var result: [UInt8] = []
        while let (header, part) = try answer() {
            switch header[0] {
            case 0x25:
                result += part
                if header[1] & 1 != 0 { return (header[3], result) }
            case 0x31:
                func u32(_ place: Int) -> Int {
                    header[place..<(place + 4)].reduce(0) { $0 << 8 | Int($1) }
                }
                var out = Self.header(0x05, 0x80, tag: tag)
                for i in 20..<24 { out[i] = header[i] }
                for i in 0..<4 { out[40 + i] = header[40 + i] }
                try send(out, Array(data[u32(40)..<(u32(40) + u32(44))]))
            case 0x21: return (header[3], result)
            default: return nil
            }
        }
        return nil
    }
}

@Suite struct TargetTests {
    private let folder: Folder
    private let image: [UInt8]
    private let name = "InitiatorName=iqn.2026-11.test:me"
    private let target = "TargetName=iqn.2026-11.localhost.spindle:drive1"

    init() throws {
        folder = try Folder()
        image = (0..<(400 * 2048)).map { UInt8(truncatingIfNeeded: $0 / 2048 &* 7 &+ $0) }
    }

    /// Serves a drive with an image, or a blank disc, while a test talks to it.
    private func serving(
        secret: TargetSecret? = nil,
        blank: Bool = false,
        _ body: (InternetAddress) throws -> Void
    ) throws {
        let disc =
            blank
            ? try VirtualDisc.create(at: folder.path("disc"), medium: .dvdRAM)
            : try VirtualDisc(opening: folder.write("image", image), for: .drive)
        let unit = LogicalUnit(VirtualRecorder(disc: disc), serialNumber: "TEST1")
        let address = try #require(InternetAddress("127.0.0.1:0", usualPort: 3260))
        let server = try TargetServer([unit], at: address, secret: secret)
        let thread = try Thread(name: "server") { try? server.serve() }
        defer {
            server.end()
            thread.join()
        }
        try body(server.address)
    }

    private func ready(_ initiator: Initiator) throws {
        for _ in 0..<20 {
            if try initiator.command([0, 0, 0, 0, 0, 0])?.status == 0 { return }
        }
        Issue.record("the drive does not become ready")
    }

    private func reads(_ initiator: Initiator, _ lba: Int, _ count: Int) throws -> Bool {
        let cdb: [UInt8] = [
            0x28, 0, 0, 0, UInt8(lba >> 8), UInt8(lba & 0xFF), 0, 0, UInt8(count), 0,
        ]
        let (status, data) = try #require(
            try initiator.command(cdb, reading: UInt32(count * 2048))
        )
        return status == 0 && data == Array(image[(lba * 2048)..<((lba + count) * 2048)])
    }

    @Test func `An initiator reads a disc`() throws {
        try serving { address in
            let initiator = try Initiator(address)
            #expect(try #require(try initiator.logIn([name, target])) == (0, 0))
            try ready(initiator)
            #expect(try reads(initiator, 0, 1))
            #expect(try reads(initiator, 100, 255))
            let inquiry = try #require(try initiator.command([0x12, 0, 0, 0, 96, 0], reading: 96))
            #expect(inquiry.data.first == 5)
            let serial = try #require(
                try initiator.command([0x12, 1, 0x80, 0, 96, 0], reading: 96)
            )
            #expect(serial.data == [5, 0x80, 0, 5] + Array("TEST1".utf8))
            let long = [0x9E, 0x10] + [UInt8](repeating: 0, count: 11) + [32, 0, 0]
            let capacity = try #require(try initiator.command(long, reading: 32))
            #expect(capacity.data.prefix(12) == [0, 0, 0, 0, 0, 0, 1, 0x8F, 0, 0, 8, 0])
        }
    }

    /// Whoever has lost the power or the network ends no connection.
    @Test func `Whether an initiator is still there is asked`() throws {
        try serving { address in
            let initiator = try Initiator(address)
            #expect(try #require(try initiator.logIn([name, target])) == (0, 0))
            let digits = String(address.port, radix: 16, uppercase: true)
            let port = ":" + String(repeating: "0", count: 4 - digits.count) + digits
            var isAsked = false
            for _ in 0..<50 where !isAsked {
                let table = try Programs.run(["cat", "/proc/net/tcp"], in: folder).output
                for line in table.split(separator: "\n") {
                    // The local address, the state (01 is a connection) and the timer, of which 02 is the one.
                    let fields = line.split(separator: " ")
                    guard fields.count > 5, fields[1].hasSuffix(port), fields[3] == "01" else {
                        continue
                    }
                    isAsked = isAsked || fields[5].hasPrefix("02:")
                }
                if !isAsked { Clock.sleep(seconds: 0.1) }
            }
            #expect(isAsked)
        }
    }

    @Test func `What is written in pieces that were asked for is on the disc`() throws {
        try serving(blank: true) { address in
            let initiator = try Initiator(address)
            #expect(try #require(try initiator.logIn([name, target])) == (0, 0))
            try ready(initiator)
            let data = Array(image[..<(320 * 2048)])
            let write: [UInt8] = [0x2A, 0, 0, 0, 0, 0, 0, 1, 64, 0]
            #expect(try #require(try initiator.command(write, writing: data)).status == 0)
            let read: [UInt8] = [0x28, 0, 0, 0, 0, 0, 0, 1, 64, 0]
            let got = try #require(try initiator.command(read, reading: UInt32(data.count)))
            #expect(got.status == 0 && got.data == data)
        }
    }

    @Test func `Who does not know the secret stays out`() throws {
        let secret = try #require(TargetSecret(user: "me", secret: Array("a secret of mine".utf8)))
        #expect(TargetSecret(user: "me", secret: Array("too short".utf8)) == nil)
        try serving(secret: secret) { address in
            // Past the stage of security, or without CHAP.
            #expect(try #require(try Initiator(address).logIn([name, target])) == (2, 1))
            #expect(
                try #require(
                    try Initiator(address).logIn([name, target, "AuthMethod=None"], stage: 0)
                )
                    == (2, 1)
            )
            for (text, isRight) in [("a secret of mine", true), ("another secret", false)] {
                // Answers come in hexadecimal or in base 64 (RFC 7143 §6.1).
                for (algorithm, isBase64) in [("5", false), ("7", false), ("7", true)] {
                    let initiator = try Initiator(address)
                    var first = Initiator.header(0x43, 0x00, tag: 1)
                    Initiator.put(&first, 24, initiator.number)
                    try initiator.send(
                        first,
                        Initiator.keys([name, target, "AuthMethod=None,CHAP"])
                    )
                    let chosen = try #require(try initiator.answer())
                    #expect(Initiator.values(chosen.data)["AuthMethod"] == "CHAP")
                    try initiator.send(first, Initiator.keys(["CHAP_A=\(algorithm)"]))
                    let values = Initiator.values(try #require(try initiator.answer()).data)
                    let identifier = try #require(values["CHAP_I"].flatMap { UInt8($0) })
                    let challenge = try #require(values["CHAP_C"]?.dropFirst(2))
                    let bytes = stride(from: 0, to: challenge.count, by: 2).compactMap {
                        UInt8(challenge.dropFirst($0).prefix(2), radix: 16)
                    }
                    #expect(bytes.count == 32)
                    var digest = try Digest(algorithm == "5" ? .md5 : .sha256)
                    digest.update(([identifier] + Array(text.utf8) + bytes).span)
                    let sum = digest.finish()
                    let response =
                        isBase64 ? "0b" + Base64.encode(sum.bytes) : "0x" + sum.hexadecimal
                    try initiator.send(
                        Initiator.header(0x43, 0x83, tag: 1),
                        Initiator.keys(["CHAP_N=me", "CHAP_R=" + response])
                    )
                    let end = try #require(try initiator.answer())
                    #expect(end.header[36] == (isRight ? 0 : 2))
                    guard isRight else { continue }
                    try ready(initiator)
                    #expect(try reads(initiator, 5, 3))
                }
            }
        }
    }

    @Test func `Answers to NOP do not wait for the drive, and old commands are passed over`() throws
    {
        try serving { address in
            let initiator = try Initiator(address)
            #expect(try #require(try initiator.logIn([name, target])) == (0, 0))
            try ready(initiator)
            var old = Initiator.header(0x01, 0x80, tag: 77)
            Initiator.put(&old, 24, initiator.number &- 1)
            try initiator.send(old)
            var ping = Initiator.header(0x40, 0x80, tag: 78)
            Initiator.put(&ping, 20, 0xFFFF_FFFF)
            try initiator.send(ping, Array("hello".utf8))
            let pong = try #require(try initiator.answer())
            #expect(pong.header[0] == 0x20 && pong.data == Array("hello".utf8))
        }
    }

    @Test func `Hostile bytes end a session and nothing else`() throws {
        try serving { address in
            var random = SeededGenerator(seed: 11)
            for round in 0..<300 {
                let initiator = try Initiator(address)
                if round % 3 != 0 {
                    guard try initiator.logIn([name, target]) != nil else { continue }
                }
                // Headers that make some sense get farther than noise.
                for _ in 0..<6 {
                    var header = (0..<48).map { _ in UInt8.random(in: 0...255, using: &random) }
                    if round % 2 == 0 {
                        header[0] =
                            [0x00, 0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x41][Int(header[0] % 8)]
                        header[4] = 0
                        Initiator.put(&header, 24, initiator.number)
                        initiator.number &+= 1
                    }
                    let count = round % 2 == 0 ? Int(header[9]) : Int(header[9]) % 8
                    let data = (0..<count).map { _ in UInt8.random(in: 0...255, using: &random) }
                    if round % 5 == 1 {
                        guard (try? initiator.socket.send((header + data).span)) != nil else {
                            break
                        }
                    } else {
                        guard (try? initiator.send(header, data)) != nil else { break }
                    }
                }
            }
            let initiator = try Initiator(address)
            #expect(try #require(try initiator.logIn([name, target])) == (0, 0))
            try ready(initiator)
            #expect(try reads(initiator, 17, 9))
        }
    }
}
