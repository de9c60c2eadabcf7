/// A resource fork of classic Mac OS, as old disk images carry their tables in it.
enum ResourceFork {
    /// The resources of a type; none if the fork is damaged.
    ///
    /// - Parameters:
    ///   - type: The type's four characters.
    ///   - fork: The fork's bytes.
    ///   - limit: The most that are read.
    /// - Returns: Each resource's bytes.
    /// - Throws: ``ImageFormatError`` that names the field that is nonsense.
    static func resources(_ type: String, in fork: BinaryFields, limit: Int = 4096) throws
        -> [[UInt8]]
    {
        let data = try fork.u32(0, "the place of the resources")
        let map = try fork.u32(4, "the place of the resource map")
        let types = map + (try fork.u16(map + 24, "the place of the list of types"))
        // Counts are one less than what they count.
        let count = (try fork.u16(types, "the number of types") + 1) & 0xFFFF
        var found: [[UInt8]] = []
        for i in 0..<count {
            let entry = types + 2 + 8 * i
            guard try fork.exactly(entry, 4, "a type") == Array(type.utf8) else { continue }
            let number = try fork.u16(entry + 4, "the number of resources") + 1
            let list = types + (try fork.u16(entry + 6, "the place of a list of resources"))
            for j in 0..<min(number, limit) {
                let reference = list + 12 * j
                let place = try fork.u32(reference + 4, "the place of a resource") & 0xFF_FFFF
                let length = try fork.u32(data + place, "the size of a resource")
                found.append(try fork.exactly(data + place + 4, length, "a resource"))
            }
        }
        return found
    }
}
