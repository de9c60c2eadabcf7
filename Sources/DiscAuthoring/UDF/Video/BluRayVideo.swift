/// What Blu-ray players want of the folder `BDMV`.
struct BluRayVideo {
    /// The bytes of an aligned unit: 32 packets of a transport stream, each with four bytes before it.
    private static let unit = 6144

    private let layout: UDFLayout
    private(set) var places: [Int: FilePlan.Place] = [:]
    private(set) var findings: [UDFImage.Finding] = []
    /// The copies of small files.
    private(set) var backups: Set<Int> = []

    init(_ layout: UDFLayout) {
        self.layout = layout
        if layout.options.revision != .v2_50 { note("", "Players want UDF 2.50.") }
        let root = VideoFiles(AuthoredTree.root, layout)
        for (name, _) in root.nodes where !["BDMV", "CERTIFICATE"].contains(name) {
            let isKnown = ["BDMV", "CERTIFICATE"].contains(name.uppercased())
            note(
                name,
                isKnown ? "Its name must be in capital letters." : "No player looks for it.",
                isFatal: isKnown
            )
        }
        if root["CERTIFICATE"] == nil {
            note("CERTIFICATE", "Some players want this folder.", isFatal: false)
        }
        guard let files = VideoFiles("BDMV", layout) else {
            note("BDMV", "There is no folder BDMV in the root.")
            return
        }
        for name in ["index.bdmv", "MovieObject.bdmv"] where files.file(name) == nil {
            note(files.path(name), "It is missing.")
        }
        if let backup = files["BACKUP"] {
            gather(backup)
        } else {
            note(files.path("BACKUP"), "There are no copies of the small files.", isFatal: false)
        }
        checkStreams(files)
    }

    private mutating func note(_ path: String, _ sentence: String, isFatal: Bool = true) {
        findings.append(UDFImage.Finding(isFatal: isFatal, path, sentence))
    }

    private mutating func gather(_ node: Int) {
        var waiting = [node]
        while let node = waiting.popLast() {
            for entry in layout.tree.nodes[node].entries {
                if layout.tree.nodes[entry.node].content != nil { backups.insert(entry.node) }
                waiting.append(entry.node)
            }
        }
    }

    private func folder(_ name: String, of files: VideoFiles) -> VideoFiles? {
        files[name].map { VideoFiles($0, layout) }
    }

    private mutating func checkStreams(_ files: VideoFiles) {
        let lists = folder("PLAYLIST", of: files)?.nodes.filter { $0.name.hasSuffix(".mpls") } ?? []
        if lists.isEmpty { note(files.path("PLAYLIST"), "There is no playlist in it.") }
        guard let streams = folder("STREAM", of: files) else {
            note(files.path("STREAM"), "It is missing.")
            return
        }
        let clips = folder("CLIPINF", of: files)
        for (name, node) in streams.nodes where layout.tree.nodes[node].content != nil {
            guard Self.isNumbered(name, "m2ts") else {
                note(streams.path(name), "No player looks for this name.", isFatal: false)
                continue
            }
            places[node] = .aligned(UDFLayout.alignment)
            if layout.sizes[node] % Self.unit != 0 {
                note(
                    streams.path(name),
                    "Its size is not a multiple of \(Self.unit) bytes: its last packets are missing."
                )
            }
            let clip = name.prefix(5) + ".clpi"
            if clips?.file(String(clip)) == nil {
                note(files.path("CLIPINF/\(clip)"), "It is missing, though there is \(name).")
            }
        }
    }

    /// Whether a name is five digits and an extension.
    private static func isNumbered(_ name: String, _ ending: String) -> Bool {
        name.utf8.count == 6 + ending.utf8.count && name.hasSuffix("." + ending)
            && name.utf8.prefix(5).allSatisfy { (0x30...0x39).contains($0) }
    }
}
