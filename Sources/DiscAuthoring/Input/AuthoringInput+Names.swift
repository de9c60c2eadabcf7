import LibISOFS
import LinuxCalls
import SystemPackage

extension AuthoringInput {
    private var operands: [FilePath] { paths + grafts.map(\.path) }

    /// How sentences and plans name what goes in.
    var name: String {
        let names = operands.map(\.string)
        return names.count > 3
            ? "\(names[0]) and \(names.count - 1) more" : names.joined(separator: ", ")
    }

    /// A volume's name after the first operand that has a name of its own.
    var volumeName: String {
        for path in operands {
            var last = path.lastComponent
            if last?.kind != .regular { last = FileSystem.resolve(path)?.lastComponent }
            if let last, last.kind == .regular { return VolumeName.after(last.bytes) }
        }
        return "DISC"
    }
}

extension SourceTree {
    /// Gives all nodes the owner 0 and times that are no later than one.
    ///
    /// - Parameter epoch: The latest time, in seconds since 1970; the latest one of the tree if `nil`.
    /// - Returns: The latest time.
    func makeUniform(until epoch: Int?) -> Int {
        var latest = 0
        root.forEach { node, _ in latest = max(latest, node.attributes.modified) }
        let epoch = epoch ?? latest
        root.forEach { node, _ in
            let time = min(node.attributes.modified, epoch)
            node.attributes = ISOAttributes(permissions: node.attributes.permissions, time: time)
        }
        return epoch
    }

    /// Gives all nodes times that records of ISO 9660 can hold, the nearest to those that they have.
    ///
    /// - Returns: The paths of those whose times were others; the root's is a slash.
    func limitTimes() -> [String] {
        var changed: [String] = []
        root.forEach { node, path in
            var kept = node.attributes
            kept.modified = SystemUse.recorded(kept.modified)
            kept.accessed = SystemUse.recorded(kept.accessed)
            kept.changed = SystemUse.recorded(kept.changed)
            let all = [
                (kept.modified, node.attributes.modified),
                (kept.accessed, node.attributes.accessed), (kept.changed, node.attributes.changed),
            ]
            guard all.contains(where: { $0.0 != $0.1 }) else { return }
            node.attributes = kept
            changed.append(path.isEmpty ? "/" : SourceNode.text(path))
        }
        return changed
    }
}
