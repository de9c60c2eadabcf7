import DiscFiles

/// The files of a directory that players look into.
struct VideoFiles {
    let path: String
    /// The nodes by their names, in the order of these.
    let nodes: [(name: String, node: Int)]
    private let layout: UDFLayout

    /// Opens a directory; `nil` if there is none of that name.
    init?(_ name: String, in parent: Int = AuthoredTree.root, _ layout: UDFLayout) {
        guard let node = layout.tree.node(AuthoredName(name), in: parent),
            layout.tree.nodes[node].isDirectory
        else { return nil }
        self.init(node, layout)
    }

    /// Opens a directory by its node.
    init(_ node: Int, _ layout: UDFLayout) {
        self.layout = layout
        path = layout.path(node)
        nodes = layout.tree.nodes[node].entries.map { ($0.name.readableText, $0.node) }
    }

    /// A file or a directory in it.
    subscript(_ name: String) -> Int? { nodes.first { $0.name == name }?.node }

    /// A file in it; `nil` if the name is another thing's.
    func file(_ name: String) -> Int? {
        self[name].flatMap { layout.tree.nodes[$0].content == nil ? nil : $0 }
    }

    /// The path of an entry.
    func path(_ name: String) -> String { path.isEmpty ? name : path + "/" + name }

    /// Bytes of a file; `nil` if it does not have them or can't be read.
    func bytes(_ node: Int, at offset: Int, count: Int) -> [UInt8]? {
        guard let content = layout.tree.nodes[node].content, offset >= 0, count > 0,
            count <= content.size - offset, let opened = try? content.open()
        else { return nil }
        var bytes = [UInt8](repeating: 0, count: count)
        var done = 0
        while done < count {
            var span = bytes.mutableSpan
            var part = span._mutatingExtracting(done...)
            guard let got = try? opened.read(at: offset + done, into: &part), got > 0 else {
                return nil
            }
            done += got
        }
        return bytes
    }
}
