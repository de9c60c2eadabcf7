import DiscFiles
import DiscModel

/// The part of a bridge disc that ISO 9660 needs: its descriptors, path tables and directories, which
/// lead to the same files as UDF's.
final class ISOBridge {
    private static let firstDescriptor = 16

    private var trees: [ISOTree]
    private var layout: UDFLayout?
    /// What was made last, with its first sector.
    private var made: (start: Int, bytes: [UInt8])?
    private var start = 0
    private var end = 0
    /// What computers start from, with the files' nodes.
    private let boot: [(entry: UDFImageOptions.BootEntry, node: Int)]

    /// Names the files of a layout.
    ///
    /// - Throws: ``AuthoringError`` if there are more directories than ISO 9660 can have, or a boot entry
    ///   names no file with bytes.
    init(_ layout: UDFLayout) throws(AuthoringError) {
        var boot: [(entry: UDFImageOptions.BootEntry, node: Int)] = []
        for entry in layout.options.bootEntries {
            guard let node = layout.file(entry.path), layout.sizes[node] > 0 else {
                throw AuthoringError(
                    .unusableOption,
                    path: entry.path,
                    "A computer can't start from it: it is no file, or an empty one."
                )
            }
            boot.append((entry, node))
        }
        guard boot.count <= BootCatalog.mostEntries else {
            throw AuthoringError(.unusableOption, "There are more boot entries than have room.")
        }
        self.boot = boot
        trees = [try ISOTree(layout, isJoliet: false)]
        if layout.options.hasJoliet { trees.append(try ISOTree(layout, isJoliet: true)) }
    }

    /// Where UDF's recognition sequence follows: behind the terminator of the descriptors.
    var recognitionStart: Int { Self.firstDescriptor + trees.count + 1 + (boot.isEmpty ? 0 : 1) }

    /// The sectors that it fills.
    var ranges: [Range<Int>] { [Self.firstDescriptor..<recognitionStart, start..<end] }

    /// Places the path tables and the directories.
    ///
    /// - Returns: The sector behind them.
    func place(from first: Int) -> Int {
        start = first
        // The boot catalog has a sector of its own.
        end = first + (boot.isEmpty ? 0 : 1)
        for index in trees.indices {
            trees[index].place(from: end)
            end = trees[index].end
        }
        return end
    }

    /// Takes the layout when the files are placed.
    func finish(_ layout: UDFLayout) {
        var layout = layout
        // The layout leads here: without this the two would keep each other.
        layout.forgetBridge()
        self.layout = layout
    }

    /// A sector: 2048 bytes, or fewer that zeros follow.
    func sector(_ number: Int) -> [UInt8] {
        guard let layout else { return [] }
        if number < recognitionStart { return descriptor(number, layout) }
        if number == start, !boot.isEmpty {
            let entries = boot.map { entry, node in
                BootCatalog.Entry(
                    entry,
                    size: layout.sizes[node],
                    start: layout.dataStarts[node]
                )
            }
            return BootCatalog.bytes(entries)
        }
        let isMade = made.map {
            number >= $0.start && number < $0.start + ($0.bytes.count + 2047) / 2048
        }
        if isMade != true { made = structure(holding: number, layout) }
        guard let made, number >= made.start else { return [] }
        let offset = (number - made.start) * 2048
        guard offset < made.bytes.count else { return [] }
        return Array(made.bytes[offset..<min(made.bytes.count, offset + 2048)])
    }

    /// The path table or the directory that a sector belongs to.
    private func structure(holding sector: Int, _ layout: UDFLayout) -> (Int, [UInt8])? {
        guard let tree = trees.first(where: { sector < $0.end }) else { return nil }
        if sector < tree.pathTables.big {
            return (tree.pathTables.little, tree.pathTable(isBig: false))
        }
        guard let first = tree.directories.first, sector >= first.start else {
            return (tree.pathTables.big, tree.pathTable(isBig: true))
        }
        let next = tree.directories.firstIndexInOrder { $0.start > sector }
        let place = max(0, next - 1)
        return (tree.directories[place].start, tree.bytes(of: place, layout))
    }

    // MARK: - Descriptors

    private func descriptor(_ sector: Int, _ layout: UDFLayout) -> [UInt8] {
        var index = sector - Self.firstDescriptor
        if !boot.isEmpty, index > 0 {
            // The boot record stands in sector 17 (El Torito 2.0).
            if index == 1 { return BootCatalog.record(catalog: UInt32(start)) }
            index -= 1
        }
        if index < trees.count { return volumeDescriptor(trees[index], layout) }
        var terminator = DescriptorBytes()
        terminator.put(UInt8(255), at: 0)
        terminator.put(text: "CD001\u{1}", at: 1)
        return terminator.bytes
    }

    /// A primary volume descriptor, or Joliet's supplementary one; ECMA-119 §8.4, §8.5.
    private func volumeDescriptor(_ tree: ISOTree, _ layout: UDFLayout) -> [UInt8] {
        var descriptor = DescriptorBytes()
        descriptor.put(UInt8(tree.isJoliet ? 2 : 1), at: 0)
        descriptor.put(text: "CD001\u{1}", at: 1)
        let label = Array(layout.options.label.utf16)
        let name = tree.isJoliet ? label : label.map(Self.letter)
        let texts: [(offset: Int, count: Int, text: [UInt16])] = [
            (8, 32, []), (40, 32, name), (190, 128, []), (318, 128, []), (446, 128, []),
            (574, 128, Array("SPINDLE".utf16)), (702, 37, []), (739, 37, []), (776, 37, []),
        ]
        for (offset, count, text) in texts {
            descriptor.put(Self.field(text, count, isWide: tree.isJoliet), at: offset)
        }
        descriptor.put(both: UInt32(clamping: layout.sectorCount), at: 80)
        if tree.isJoliet { descriptor.put(text: "%/E", at: 88) }
        descriptor.put(both: UInt16(1), at: 120)
        descriptor.put(both: UInt16(1), at: 124)
        descriptor.put(both: UInt16(2048), at: 128)
        descriptor.put(both: UInt32(tree.pathTableSize), at: 132)
        descriptor.put(UInt32(tree.pathTables.little), at: 140)
        descriptor.put(UInt32(tree.pathTables.big).byteSwapped, at: 148)
        descriptor.put(tree.record(of: 0, [0], layout), at: 156)
        for offset in [813, 830] { descriptor.put(Self.date(layout.options.time), at: offset) }
        let none = [UInt8](repeating: 0x30, count: 16) + [0]
        for offset in [847, 864] { descriptor.put(none, at: offset) }
        descriptor.put(UInt8(1), at: 881)
        return descriptor.bytes
    }

    /// A letter, a digit or an underscore.
    private static func letter(_ unit: UInt16) -> UInt16 {
        switch unit {
        case 0x30...0x39, 0x41...0x5A: unit
        case 0x61...0x7A: unit - 0x20
        default: 0x5F
        }
    }

    /// A text that blanks follow.
    private static func field(_ text: [UInt16], _ count: Int, isWide: Bool) -> [UInt8] {
        guard isWide else {
            let bytes = text.prefix(count).map { UInt8(truncatingIfNeeded: $0) }
            return bytes + [UInt8](repeating: 0x20, count: count - bytes.count)
        }
        let bytes = text.prefix(count / 2).flatMap {
            [UInt8($0 >> 8), UInt8(truncatingIfNeeded: $0)]
        }
        let blanks = (bytes.count / 2..<count / 2).flatMap { _ in [0, 0x20] as [UInt8] }
        return bytes + blanks + [UInt8](repeating: 0, count: count % 2)
    }

    /// A date of 17 bytes; ECMA-119 §8.4.26.1.
    private static func date(_ time: FileTime) -> [UInt8] {
        let civil = CivilTime(time)
        func digits(_ value: Int, _ count: Int) -> [UInt8] {
            let text = Array(String(value).utf8)
            return [UInt8](repeating: 0x30, count: max(0, count - text.count)) + text
        }
        return digits(civil.year, 4) + digits(civil.month, 2) + digits(civil.day, 2)
            + digits(civil.hour, 2) + digits(civil.minute, 2) + digits(civil.second, 2)
            + digits(civil.microseconds / 10_000, 2) + [DescriptorBytes.quarters(civil)]
    }
}
