/// The attributes in the `AL` entries of a record: AAIP 2.0, an extension of SUSP by libisofs.
///
/// The entries have components as those of `SL` have, which are names and values in turn.
struct AttributeList {
    /// The namespaces that one byte stands for.
    private static let namespaces: [UInt8: String] = [
        1: "", 2: "system.", 3: "user.", 4: "isofs.", 5: "trusted.", 6: "security.",
    ]

    private var components: [[UInt8]] = []
    /// Whether the last component goes on in the next record.
    private var goesOn = false
    /// The bytes of the record that the last entry has begun, and this one ends.
    private var missing = 0
    private var count = 0
    /// Whether there is more than is taken.
    private(set) var isCut = false

    /// Takes an entry.
    mutating func take(_ entry: Span<UInt8>) {
        var position = 5
        while position < entry.count {
            if missing == 0 {
                guard position + 2 <= entry.count else { return }
                let flags = entry.byte(position)
                if !goesOn { components.append([]) }
                goesOn = flags & 1 != 0
                missing = Int(entry.byte(position + 1))
                position += 2
            }
            let length = min(missing, entry.count - position)
            count += length + 1
            guard count <= FileAttribute.mostBytes, !components.isEmpty else {
                isCut = true
                return
            }
            for offset in position..<position + length {
                components[components.count - 1].append(entry.byte(offset))
            }
            missing -= length
            position += length
        }
    }

    /// The attributes, and what is wrong with them: the end of a sentence that begins with them.
    ///
    /// What libisofs records for itself, such as the places of checksums, is left out.
    var attributes: (found: [FileAttribute], problem: String?) {
        var found: [FileAttribute] = []
        var problem = isCut ? "are too long, and cut." : nil
        for index in stride(from: 0, to: components.count - 1, by: 2) {
            let (name, value) = (components[index], components[index + 1])
            guard let first = name.first else {
                if let lists = AccessControlList.attributes(aaip: value) {
                    found += lists
                } else {
                    problem = "hold an access control list that makes no sense."
                }
                continue
            }
            let space = Self.namespaces[first]
            let text = (space ?? "") + FileName.decoded(space == nil ? name[...] : name.dropFirst())
            guard !text.hasPrefix("isofs.") else { continue }
            guard !name.contains(0), !Self.namespaces.values.contains(text) else {
                problem = "hold one whose name is empty or has a zero in it; it is left out."
                continue
            }
            found.append(FileAttribute(name: text, value: value))
        }
        if !isCut, components.count % 2 != 0 || missing > 0 || goesOn {
            problem = "end before they should."
        }
        return (found, problem)
    }
}
