import LibCrypto
public import LinuxCalls
public import Transfer

/// The MD5 that isomd5sum's `implantisomd5` puts into an ISO 9660 image, and `checkisomd5` checks.
///
/// It is taken over the volume without its last sectors, in pieces of 32 KiB, with the application's
/// field of the primary descriptor (ECMA-119 §8.4.32) as blanks, in which it is kept. Beside the sum
/// there are a few digits of what it was at each twenty-first of the way, to find where a copy is
/// damaged.
public struct ImplantedSum: Hashable, Sendable {
    /// The MD5 in hexadecimal digits.
    public var md5: String
    /// The digits of the sums on the way.
    public var fragments: String

    /// The sectors at the end that the sum leaves out: drives often can't read the last ones of a disc.
    public static let skippedSectors = 15
    /// The places on the way whose sums are kept.
    public static let fragmentCount = 20
    /// Digits that all fragments have together; each has as many of them as the others.
    private static let fragmentDigits = 60
    private static let pieceSize = 32768
    private static let sectorSize = 2048
    /// Where the field lies in a descriptor, and its length.
    private static let field = 883..<1395
    private static let firstDescriptor = 16

    /// What can be said against a volume.
    public enum Trouble: Error, Hashable, Sendable {
        /// There is no primary volume descriptor.
        case noVolume
        /// The sum is of no bytes: the volume has no more sectors than it leaves out.
        case empty
        /// The volume goes on behind what there is; the sector that is missing.
        case truncated(Int)
        /// The application's field holds something else.
        case fieldInUse
        /// The job was stopped.
        case stopped
    }

    /// Makes the sum of a volume.
    ///
    /// - Parameters:
    ///   - source: The disc; sectors of 2048 bytes.
    ///   - skipped: The sectors at the end that it leaves out.
    ///   - count: The places on the way whose sums are kept, from 1 to 60.
    ///   - cancellation: A wish to stop.
    ///   - observe: Told how many bytes are done, and of how many.
    /// - Throws: ``Trouble``, and what the source throws.
    public init(
        of source: any SectorSource,
        skipping skipped: Int = skippedSectors,
        fragments count: Int = fragmentCount,
        _ cancellation: Cancellation,
        observe: (Int, Int) -> Void = { _, _ in }
    ) throws {
        let (place, descriptor) = try Self.descriptor(of: source)
        let sectors =
            Int(descriptor[80]) | Int(descriptor[81]) << 8 | Int(descriptor[82]) << 16
            | Int(descriptor[83]) << 24
        let total = max(0, sectors - max(0, skipped)) * Self.sectorSize
        guard total > 0 else { throw Trouble.empty }
        let count = max(1, min(Self.fragmentDigits, count))
        var digest = try Digest(.md5)
        var buffer = [UInt8](repeating: 0, count: Self.pieceSize)
        var (done, previous, fragments) = (0, 0, "")
        while done < total {
            guard !cancellation.isRequested else { throw Trouble.stopped }
            let size = min(Self.pieceSize, total - done)
            let first = done / Self.sectorSize
            try Self.read(source, at: first, size, into: &buffer)
            let blank = place - first
            if (0..<size / Self.sectorSize).contains(blank) {
                for index in Self.field { buffer[blank * Self.sectorSize + index] = 0x20 }
            }
            digest.update(buffer.span.extracting(..<size))
            // A new place on the way is noticed only after the piece that begins it.
            let current = done * (count + 1) / total
            if current != previous, let sum = digest.sumSoFar() {
                fragments += Self.digits(sum, Self.fragmentDigits / count)
                previous = current
            }
            done += size
            observe(done, total)
        }
        md5 = digest.finish().hexadecimal
        self.fragments = String(fragments.prefix(Self.fragmentDigits))
    }

    /// The first digit of each of the first bytes, as `%x` prints them.
    private static func digits(_ sum: Checksum, _ count: Int) -> String {
        sum.bytes.prefix(count).map { byte in
            String(byte < 16 ? byte : byte >> 4, radix: 16)
        }.joined()
    }

    private static func read(
        _ source: any SectorSource,
        at first: Int,
        _ size: Int,
        into buffer: inout [UInt8]
    ) throws {
        var done = 0
        while done < size {
            var span = buffer.mutableSpan
            var part = span._mutatingExtracting(done..<size)
            let sectors = try source.read(at: first + done / sectorSize, into: &part)
            guard sectors > 0 else { throw Trouble.truncated(first + done / sectorSize) }
            done += sectors * sectorSize
        }
    }

    /// The primary volume descriptor, and the sector that it lies in.
    private static func descriptor(of source: any SectorSource) throws -> (Int, [UInt8]) {
        guard source.sectorSize == sectorSize else { throw Trouble.noVolume }
        var buffer = [UInt8](repeating: 0, count: sectorSize)
        for sector in firstDescriptor..<(firstDescriptor + 64) {
            var span = buffer.mutableSpan
            guard try source.read(at: sector, into: &span) == 1,
                Array(buffer[1..<6]) == Array("CD001".utf8), buffer[0] != 0xFF
            else { break }
            if buffer[0] == 1 { return (sector, buffer) }
        }
        throw Trouble.noVolume
    }

    // MARK: Implanting

    /// The field's bytes.
    private var fieldBytes: [UInt8] {
        let text =
            "ISO MD5SUM = \(md5);SKIPSECTORS = \(Self.skippedSectors);RHLISOSTATUS=0;"
            + "FRAGMENT SUMS = \(fragments);FRAGMENT COUNT = \(Self.fragmentCount);"
            + "THIS IS NOT THE SAME AS RUNNING MD5SUM ON THIS ISO!!"
        let bytes = Array(text.utf8.prefix(Self.field.count))
        return bytes + [UInt8](repeating: 0x20, count: Self.field.count - bytes.count)
    }

    /// Makes the sum of the image in a file, and puts it there.
    ///
    /// - Parameters:
    ///   - file: A plain image, open for writing; nothing but 512 bytes of it changes.
    ///   - replaces: Whether the field may hold something else than blanks, which is lost then.
    ///   - cancellation: A wish to stop.
    ///   - observe: Told how many bytes are done, and of how many.
    /// - Returns: The sum.
    /// - Throws: ``Trouble``, and the system's errors.
    public static func implant(
        into file: File,
        replaces: Bool,
        _ cancellation: Cancellation,
        observe: (Int, Int) -> Void = { _, _ in }
    ) throws -> ImplantedSum {
        let source = try FileSource(file)
        let (place, descriptor) = try descriptor(of: source)
        guard replaces || descriptor[field].allSatisfy({ $0 == 0x20 || $0 == 0 }) else {
            throw Trouble.fieldInUse
        }
        let sum = try ImplantedSum(of: source, cancellation, observe: observe)
        try file.write(sum.fieldBytes.span, at: place * sectorSize + field.lowerBound)
        return sum
    }
}
