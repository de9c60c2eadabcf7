import FoundationEssentials
import LibCodecs
import LinuxCalls

/// Writes Apple disk images of one partition: UDRO, UDZO, UDBZ and ULFO.
final class DMGWriter: PackedWriter {
    /// Bytes of a run; what Apple's own tools take.
    private static let chunk = 1 << 19

    private let file: File
    private let packer: Packer?
    private let lzfse: LZFSEPacker?
    private let kind: DMGTable.Kind
    private var chunks = BlockGatherer(size: chunk)
    private var runs: [UInt8] = []
    private var runCount = 0
    /// Sectors of zeros behind the last run: one run has all that follow one another, for a table is only read
    /// if it is not long beside what the file holds.
    private var zeros = 0
    private var sectors = 0
    private var offset = 0
    private var sum = RunningCRC32()
    private var dataSum = RunningCRC32()

    /// Begins a file.
    init(_ file: File, _ packing: ImageOptions.Packing) throws {
        self.file = file
        let codec: Codec?
        switch packing {
        case .none: (kind, codec) = (.plain, nil)
        case .zlib: (kind, codec) = (.zlib, .zlib)
        case .bzip2: (kind, codec) = (.bzip2, .bzip2)
        case .lzfse: (kind, codec) = (.lzfse, nil)
        }
        lzfse = packing == .lzfse ? LZFSEPacker() : nil
        packer = codec.flatMap { Packer($0) }
        if let codec, packer == nil { throw CodecError(.noMemory, codec) }
    }

    func append(_ bytes: Span<UInt8>) throws {
        try chunks.append(bytes) { try write($0) }
    }

    private func write(_ chunk: Span<UInt8>) throws {
        sum.update(chunk)
        let count = chunk.count / DMGTable.sector
        if Bytes.areZero(chunk) {
            zeros += count
            return
        }
        var output = [UInt8](repeating: 0, count: kind == .plain ? 0 : chunk.count - 1)
        var span = output.mutableSpan
        if let packed = packer?.block(chunk, into: &span) ?? lzfse?.block(chunk, into: &span) {
            try write(output.span.extracting(0..<packed), kind, count)
        } else {
            try write(chunk, .plain, count)
        }
    }

    private func write(_ bytes: Span<UInt8>, _ kind: DMGTable.Kind, _ count: Int) throws {
        try file.write(bytes, at: offset)
        dataSum.update(bytes)
        note(kind, count, length: bytes.count)
        offset += bytes.count
    }

    private func note(_ kind: DMGTable.Kind, _ count: Int, length: Int) {
        noteZeros()
        add(kind, count, length: length)
    }

    private func noteZeros() {
        if zeros > 0 { add(.zeros, zeros, length: 0) }
        zeros = 0
    }

    private func add(_ kind: DMGTable.Kind, _ count: Int, length: Int) {
        runs += BigEndian.u32(Int(kind.rawValue)) + BigEndian.u32(0)
        runs += BigEndian.u64(sectors) + BigEndian.u64(count)
        runs += BigEndian.u64(offset) + BigEndian.u64(length)
        runCount += 1
        sectors += count
    }

    func finish() throws {
        try chunks.finish { try write($0) }
        noteZeros()
        let count = sectors
        note(.end, 0, length: 0)
        let listOffset = offset
        let list = propertyList(sectors: count)
        try file.write(list.span, at: listOffset)
        let trailer = trailer(sectors: count, list: listOffset..<(listOffset + list.count))
        try file.write(trailer.span, at: listOffset + list.count)
    }

    private static func checksum(_ sum: UInt32) -> [UInt8] {
        // CRC-32, 32 bits, in a field of 128 bytes.
        BigEndian.u32(2) + BigEndian.u32(32) + BigEndian.u32(Int(sum))
            + [UInt8](repeating: 0, count: 124)
    }

    private func propertyList(sectors: Int) -> [UInt8] {
        var table = Array("mish".utf8) + BigEndian.u32(1)
        table += BigEndian.u64(0) + BigEndian.u64(sectors) + BigEndian.u64(0)
        // How many sectors a reader needs room for at once: a run, and some.
        table += BigEndian.u32(Self.chunk / DMGTable.sector + 8) + BigEndian.u32(0)
        table += [UInt8](repeating: 0, count: 24) + Self.checksum(sum.value)
        table += BigEndian.u32(runCount) + runs
        let name = "whole disk (unknown partition : 0)"
        let head = """
            <?xml version="1.0" encoding="UTF-8"?>
            <!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" \
            "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
            <plist version="1.0">
            <dict>
            <key>resource-fork</key>
            <dict>
            <key>blkx</key>
            <array>
            <dict>
            <key>Attributes</key>
            <string>0x0050</string>
            <key>CFName</key>
            <string>\(name)</string>
            <key>Data</key>
            <data>

            """
        let tail = """

            </data>
            <key>ID</key>
            <string>-1</string>
            <key>Name</key>
            <string>\(name)</string>
            </dict>
            </array>
            </dict>
            </dict>
            </plist>

            """
        return Array(head.utf8) + Array(Data(table).base64EncodedData()) + Array(tail.utf8)
    }

    private func trailer(sectors: Int, list: Range<Int>) -> [UInt8] {
        var bytes = DMGTrailer.mark + BigEndian.u32(4) + BigEndian.u32(DMGTrailer.size)
        // The only flag: flattened.
        bytes += BigEndian.u32(1) + BigEndian.u64(0)
        bytes += BigEndian.u64(0) + BigEndian.u64(offset)
        bytes += BigEndian.u64(0) + BigEndian.u64(0)
        bytes += BigEndian.u32(1) + BigEndian.u32(1) + [UInt8](repeating: 0, count: 16)
        bytes += Self.checksum(dataSum.value)
        bytes += BigEndian.u64(list.lowerBound) + BigEndian.u64(list.count)
        bytes +=
            [UInt8](repeating: 0, count: 120) + Self.checksum(DMGChecksums.master(of: [sum.value]))
        // The variant: a device image.
        bytes += BigEndian.u32(1) + BigEndian.u64(sectors)
        return bytes + [UInt8](repeating: 0, count: DMGTrailer.size - bytes.count)
    }
}
