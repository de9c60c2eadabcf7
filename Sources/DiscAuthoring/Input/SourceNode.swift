import DiscFiles
import LibISOFS
import LinuxCalls

/// A file, a directory, a link or a device that goes into an image.
final class SourceNode {
    /// What it is besides its name.
    enum Content {
        /// More nodes, in the order of their names once the tree is complete.
        case directory([SourceNode])
        /// Bytes.
        case file(SourceFile)
        /// A path, as the link has it.
        case link([UInt8])
        /// A device, a pipe or a socket: its kind, and a device's number.
        case special(FileDetails.Kind, device: UInt64)
    }

    /// Its name; empty of the root.
    let name: [UInt8]
    /// What is recorded of it.
    var attributes: ISOAttributes
    /// What it is.
    var content: Content
    /// Its extended attributes and access control lists, as far as they are kept.
    var extended: [FileAttribute] = []

    init(_ name: [UInt8], _ attributes: ISOAttributes, _ content: Content) {
        self.name = name
        self.attributes = attributes
        self.content = content
    }

    /// What is in it; nothing of what is no directory.
    var children: [SourceNode] {
        guard case .directory(let children) = content else { return [] }
        return children
    }

    /// Whether it is a directory.
    var isDirectory: Bool {
        if case .directory = content { true } else { false }
    }

    /// The name as a reader decodes it: UTF-8, or else Latin-1.
    var text: String { Self.text(name) }

    /// Bytes as a reader decodes them: UTF-8, or else Latin-1.
    static func text(_ bytes: [UInt8]) -> String {
        String(validating: bytes, as: UTF8.self)
            ?? String(decoding: bytes.map(UInt16.init), as: UTF16.self)
    }

    /// Puts the nodes of all directories in the order of their names' bytes.
    func sort() {
        guard case .directory(var children) = content else { return }
        children.sort { $0.name.lexicographicallyPrecedes($1.name) }
        content = .directory(children)
        for child in children { child.sort() }
    }

    /// Calls a function for this node and all below it, each directory before what is in it.
    ///
    /// - Parameters:
    ///   - path: The node's own path.
    ///   - body: Is given a node and its path from the root on, without a slash at either end.
    func forEach(_ path: [UInt8] = [], _ body: (SourceNode, [UInt8]) -> Void) {
        body(self, path)
        for child in children {
            child.forEach(path.isEmpty ? child.name : path + [0x2F] + child.name, body)
        }
    }

    /// The node at a path from this one.
    func node(at path: some Collection<[UInt8]>) -> SourceNode? {
        guard let first = path.first else { return self }
        return children.first { $0.name == first }?.node(at: path.dropFirst())
    }
}
