/// The target of a symbolic link as the components of a path; ECMA-167 4/14.16.1.
enum SymlinkPath {
    /// A link's bytes, and whether its target had to be changed.
    static func bytes(_ target: AuthoredName) -> (bytes: [UInt8], isChanged: Bool) {
        var result: [UInt8] = []
        var isChanged = false
        var isFirst = true
        let parts = target.bytes.split(separator: 0x2F, omittingEmptySubsequences: false)
        for (index, part) in parts.enumerated() {
            defer { isFirst = false }
            if part.isEmpty {
                // A slash at the beginning is the root; one at the end wants a directory, as “.” does.
                if isFirst {
                    result += [2, 0, 0, 0]
                } else if index == parts.count - 1, parts.contains(where: { !$0.isEmpty }) {
                    result += [4, 0, 0, 0]
                }
            } else if part.elementsEqual([0x2E]) {
                result += [4, 0, 0, 0]
            } else if part.elementsEqual([0x2E, 0x2E]) {
                result += [3, 0, 0, 0]
            } else {
                let name = OSTAName.entry(AuthoredName(bytes: Array(part)))
                if name.change != nil { isChanged = true }
                result += [5, UInt8(name.bytes.count), 0, 0] + name.bytes
            }
        }
        return (result, isChanged)
    }
}
