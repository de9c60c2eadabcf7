/// The order of the files' bytes on a disc, and where players want them.
struct FilePlan {
    /// Where a file is to begin.
    enum Place {
        /// At a multiple of so many sectors.
        case aligned(Int)
        /// So many sectors behind the beginning of another file.
        case behind(node: Int, sectors: Int)
        /// In another unit of so many sectors than the end of another file's bytes.
        case apart(node: Int, unit: Int)
    }

    /// The files with bytes, in order.
    private(set) var order: [Int]
    private let places: [Int: Place]
    /// What was found of the files themselves.
    let findings: [UDFImage.Finding]
    /// What was found when they were placed.
    private(set) var placementFindings: [UDFImage.Finding] = []
    /// Streams that players read in real time.
    private(set) var realTimeFiles: Set<Int> = []
    private let isFree: Bool
    /// Files and their copies, which one scratch must not reach both of.
    private let copies: [(node: Int, copy: Int)]

    /// Plans the order: that of the tree, unless players want another one.
    init(_ layout: UDFLayout) {
        let all = layout.order.filter {
            layout.tree.nodes[$0].content != nil && layout.sizes[$0] > 0
        }
        switch layout.options.video {
        case nil:
            (order, places, findings, isFree) = (all, [:], [], true)
            copies = []
        case .dvd:
            let video = DVDVideo(layout)
            let first = video.order.filter { layout.sizes[$0] > 0 }
            let known = Set(first)
            order = first + all.filter { !known.contains($0) }
            (places, findings, isFree) = (video.places, video.findings, false)
            copies = video.copies
        case .bluRay:
            let video = BluRayVideo(layout)
            // The copies of the small files lie as far from them as can be.
            order = all.filter { !video.backups.contains($0) }
            order += all.filter { video.backups.contains($0) }
            (places, findings, isFree) = (video.places, video.findings, false)
            copies = []
            realTimeFiles = Set(video.places.keys)
        }
    }

    /// What is wrong with the places of files and their copies, once all files are placed.
    func copyFindings(_ layout: UDFLayout) -> [UDFImage.Finding] {
        copies.compactMap { node, copy in
            guard layout.sizes[node] > 0, layout.sizes[copy] > 0 else { return nil }
            let last = Int(layout.dataStarts[node]) + (layout.sizes[node] - 1) / 2048
            guard Int(layout.dataStarts[copy]) / DVDVideo.block == last / DVDVideo.block else {
                return nil
            }
            return UDFImage.Finding(
                isFatal: false,
                layout.path(copy),
                "It lies in the same ECC block as \(layout.path(node)), so that one scratch can reach both."
            )
        }
    }

    /// Puts the smallest file behind all others, unless players want an order.
    mutating func moveSmallestToEnd(_ layout: UDFLayout) {
        guard isFree,
            let index = order.indices.min(by: { layout.sizes[order[$0]] < layout.sizes[order[$1]] })
        else { return }
        order.append(order.remove(at: index))
    }

    /// The first sector of a file.
    ///
    /// - Parameters:
    ///   - node: The file.
    ///   - next: The first sector that is free.
    ///   - layout: The layout, with all files before this one placed.
    /// - Returns: The sector: the first free one, unless players want another.
    mutating func start(_ node: Int, _ next: Int, _ layout: UDFLayout) -> Int {
        func aligned(_ unit: Int) -> Int { (next + unit - 1) / unit * unit }
        switch places[node] {
        case nil: return next
        case .aligned(let unit): return aligned(unit)
        case .apart(let other, let unit):
            let count = (layout.sizes[other] + 2047) / 2048
            let last = Int(layout.dataStarts[other]) + max(0, count - 1)
            return next / unit == last / unit ? (last / unit + 1) * unit : next
        case .behind(let base, let sectors):
            let wanted = Int(layout.dataStarts[base]) + sectors
            if wanted >= next { return wanted }
            placementFindings.append(
                UDFImage.Finding(
                    layout.path(node),
                    "It must begin \(sectors) sectors after the start of \(layout.path(base)), but the files before it end \(next - wanted) sectors later."
                )
            )
            return next
        }
    }
}
