/// Names of ISO 9660 and Joliet, each unique in its directory.
struct ISONames {
    private let isJoliet: Bool
    /// Whether files have versions.
    var hasVersions = true
    /// Whether names are those of ISO 9660:1999, which has bytes of any kind.
    var isLong = false
    private var used: Set<[UInt8]> = []
    /// The number that was last added to a name, so that many alike cost little.
    private var numbers: [[UInt8]: Int] = [:]

    init(isJoliet: Bool) { self.isJoliet = isJoliet }

    /// Takes an identifier for used.
    ///
    /// - Parameter identifier: The identifier.
    /// - Returns: Whether it was free.
    @discardableResult
    mutating func reserve(_ identifier: [UInt8]) -> Bool { used.insert(shown(identifier)).inserted }

    /// Takes an identifier for free again.
    mutating func release(_ identifier: [UInt8]) { used.remove(shown(identifier)) }

    /// Whether an identifier is used.
    func isTaken(_ identifier: [UInt8]) -> Bool { used.contains(shown(identifier)) }

    /// What readers show of an identifier: a file's name without its version and an empty file extension, which may be
    /// that of a directory.
    private func shown(_ identifier: [UInt8]) -> [UInt8] {
        if isLong { return identifier }
        let (version, dot): ([UInt8], [UInt8]) =
            isJoliet ? ([0, 0x3B, 0, 0x31], [0, 0x2E]) : ([0x3B, 0x31], [0x2E])
        var shown = identifier[...]
        for ending in [version, dot] where shown.count > ending.count {
            if shown.suffix(ending.count).elementsEqual(ending) { shown.removeLast(ending.count) }
        }
        return Array(shown)
    }

    /// The identifier of an entry, with the version of a file.
    mutating func identifier(_ name: AuthoredName, isDirectory: Bool) -> [UInt8] {
        let units = Array(name.readableText.utf16)
        let (stem, ending) = isDirectory ? (units[...], [][...]) : Self.split(units)
        let first = made(stem, ending, isDirectory, suffix: [])
        if reserve(first) { return first }
        var number = numbers[first] ?? 0
        while true {
            number += 1
            let digits = String(number)
            let padding = String(repeating: "0", count: max(0, 3 - digits.utf8.count))
            let suffix = Array((padding + digits).utf16)
            let identifier = made(stem, ending, isDirectory, suffix: suffix)
            if reserve(identifier) {
                numbers[first] = number
                return identifier
            }
        }
    }

    private static func split(_ units: [UInt16]) -> (ArraySlice<UInt16>, ArraySlice<UInt16>) {
        guard let dot = units.lastIndex(of: 0x2E), dot > 0 else { return (units[...], []) }
        return (units[..<dot], units[(dot + 1)...])
    }

    private func made(
        _ stem: ArraySlice<UInt16>,
        _ ending: ArraySlice<UInt16>,
        _ isDirectory: Bool,
        suffix: [UInt16]
    ) -> [UInt8] {
        if isLong { return Self.long(stem, ending, suffix) }
        return isJoliet
            ? joliet(stem, ending, isDirectory, suffix) : plain(stem, ending, isDirectory, suffix)
    }

    /// UTF-8 of at most 180 bytes: with a record's other fields it has room for 207 (ISO 9660:1999
    /// §7.5.1).
    private static func long(
        _ stem: ArraySlice<UInt16>,
        _ ending: ArraySlice<UInt16>,
        _ suffix: [UInt16]
    ) -> [UInt8] {
        let end = ending.isEmpty ? [] : [0x2E] + ending.prefix(16)
        let tail = Array(String(decoding: suffix + end, as: UTF16.self).utf8)
        var start = String(decoding: stem, as: UTF16.self)
        while start.utf8.count + tail.count > 180 { start.removeLast() }
        return Array(start.utf8) + tail
    }

    /// Letters, digits and underscores; 31 of a directory, 30 of a file without its dot (ECMA-119
    /// §7.5.1, §7.6.3).
    private func plain(
        _ stem: ArraySlice<UInt16>,
        _ ending: ArraySlice<UInt16>,
        _ isDirectory: Bool,
        _ suffix: [UInt16]
    ) -> [UInt8] {
        let end = ending.prefix(8).map(Self.letter)
        let room = (isDirectory ? 31 : 30 - end.count) - suffix.count
        let start =
            stem.prefix(room).map(Self.letter) + suffix.map { UInt8(truncatingIfNeeded: $0) }
        return isDirectory ? start : start + [0x2E] + end + (hasVersions ? [0x3B, 0x31] : [])
    }

    private static func letter(_ unit: UInt16) -> UInt8 {
        switch unit {
        case 0x30...0x39, 0x41...0x5A: UInt8(unit)
        case 0x61...0x7A: UInt8(unit - 0x20)
        default: 0x5F
        }
    }

    /// Characters of two bytes, 64 of them with the dot and the version (Joliet 3).
    private func joliet(
        _ stem: ArraySlice<UInt16>,
        _ ending: ArraySlice<UInt16>,
        _ isDirectory: Bool,
        _ suffix: [UInt16]
    ) -> [UInt8] {
        let end = ending.isEmpty ? [] : [0x2E] + ending.prefix(20).map(Self.character)
        let version: [UInt16] = isDirectory || !hasVersions ? [] : [0x3B, 0x31]
        let room = 64 - suffix.count - end.count - version.count
        let units = stem.prefix(room).map(Self.character) + suffix + end + version
        return units.flatMap { [UInt8($0 >> 8), UInt8(truncatingIfNeeded: $0)] }
    }

    private static func character(_ unit: UInt16) -> UInt16 {
        let forbidden = Array("*/:;?\\".utf16)
        let isPair = UTF16.isLeadSurrogate(unit) || UTF16.isTrailSurrogate(unit)
        return unit < 0x20 || forbidden.contains(unit) || isPair ? 0x5F : unit
    }
}
