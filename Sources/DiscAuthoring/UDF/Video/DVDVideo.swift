/// What DVD-Video players want of the folder `VIDEO_TS`.
///
/// Each title set is an information file, its video objects and a copy of the information file, in this
/// order. The information files say how many sectors lie between them, and players go by that.
struct DVDVideo {
    /// The sectors of an ECC block of a DVD.
    static let block = 16
    private static let folder = "VIDEO_TS"
    /// A video object file is one extent.
    private static let largestObject = 1 << 30 - 2048

    private let layout: UDFLayout
    private(set) var order: [Int] = []
    private(set) var places: [Int: FilePlan.Place] = [:]
    private(set) var findings: [UDFImage.Finding] = []
    private(set) var copies: [(node: Int, copy: Int)] = []

    /// What an information file says of its set.
    private struct Information {
        /// The sectors of the file itself.
        var sectors: Int
        /// The sectors from the file's first one to the copy's, to the menu's and to the titles'.
        var copy: Int
        var menu: Int
        var titles: Int
        /// The sectors from the beginning of the disc's information file to each title set's.
        var sets: [Int: Int] = [:]
    }

    init(_ layout: UDFLayout) {
        self.layout = layout
        if layout.options.revision != .v1_02 || !layout.options.hasISO9660 {
            note("", "Players want UDF 1.02 together with ISO 9660.")
        }
        guard let files = VideoFiles(Self.folder, layout) else {
            let other = VideoFiles(AuthoredTree.root, layout).nodes.map(\.name)
                .first { $0.uppercased() == Self.folder }
            note(
                other ?? Self.folder,
                other == nil
                    ? "There is no folder \(Self.folder) in the root."
                    : "The folder's name must be in capital letters."
            )
            return
        }
        if VideoFiles("AUDIO_TS", layout) == nil {
            note(
                "AUDIO_TS",
                "Some old players want this folder, which may be empty.",
                isFatal: false
            )
        }
        checkNames(files)
        let disc = placeSet("VIDEO_TS", files, start: nil, mark: "DVDVIDEO-VMG")
        if let manager = files.file("VIDEO_TS.IFO") {
            places[manager] = .aligned(Self.block)
            for number in setNumbers(files) {
                let start = disc?.sets[number].map {
                    FilePlan.Place.behind(node: manager, sectors: $0)
                }
                _ = placeSet(Self.setName(number), files, start: start, mark: "DVDVIDEO-VTS")
            }
        }
    }

    private mutating func note(_ path: String, _ sentence: String, isFatal: Bool = true) {
        findings.append(UDFImage.Finding(isFatal: isFatal, path, sentence))
    }

    // MARK: - Names

    private static func setName(_ number: Int) -> String {
        "VTS_\(number < 10 ? "0" : "")\(number)"
    }

    /// The number of a title set and of the file in it; `nil` if the name is none of a title set.
    private static func parts(_ name: String) -> (set: Int, file: Int, ending: String)? {
        let bytes = Array(name.utf8)
        guard bytes.count == 12, name.hasPrefix("VTS_"), bytes[6] == 0x5F, bytes[8] == 0x2E,
            let set = Int(name.dropFirst(4).prefix(2)), (1...99).contains(set),
            let file = Int(name.dropFirst(7).prefix(1)), (0...9).contains(file)
        else { return nil }
        let ending = String(name.suffix(3))
        guard ["IFO", "VOB", "BUP"].contains(ending), ending == "VOB" || file == 0 else {
            return nil
        }
        return (set, file, ending)
    }

    private func setNumbers(_ files: VideoFiles) -> [Int] {
        Set(files.nodes.compactMap { Self.parts($0.name)?.set }).sorted()
    }

    private mutating func checkNames(_ files: VideoFiles) {
        let own: Set = ["VIDEO_TS.IFO", "VIDEO_TS.VOB", "VIDEO_TS.BUP"]
        for (name, node) in files.nodes {
            guard own.contains(name) || Self.parts(name) != nil else {
                let isKnown =
                    own.contains(name.uppercased()) || Self.parts(name.uppercased()) != nil
                note(
                    files.path(name),
                    isKnown
                        ? "Its name must be in capital letters." : "No player looks for this name.",
                    isFatal: isKnown
                )
                continue
            }
            if layout.sizes[node] % 2048 != 0 {
                note(files.path(name), "Its size is not a multiple of 2048 bytes.")
            }
            if layout.sizes[node] == 0 { note(files.path(name), "It is empty.") }
            if name.hasSuffix("VOB"), layout.sizes[node] > Self.largestObject {
                note(files.path(name), "It is larger than 1 GiB; it must be split.")
            }
        }
        if setNumbers(files).isEmpty { note(files.path, "There is no title set in it.") }
    }

    // MARK: - Sets

    /// Puts the files of a set in order, and finds their places.
    private mutating func placeSet(
        _ name: String,
        _ files: VideoFiles,
        start: FilePlan.Place?,
        mark: String
    ) -> Information? {
        let isManager = name == "VIDEO_TS"
        let stem = isManager ? name : name + "_0"
        guard let information = files.file(stem + ".IFO") else {
            note(files.path(stem + ".IFO"), "It is missing.")
            return nil
        }
        places[information] = start
        order.append(information)
        var titles: [Int] = []
        if let menu = files.file(stem + ".VOB") { order.append(menu) }
        if !isManager {
            let numbers = (1...9).filter { files.file("\(name)_\($0).VOB") != nil }
            titles = numbers.compactMap { files.file("\(name)_\($0).VOB") }
            order += titles
            if numbers != Array(1..<(numbers.count + 1)) {
                note(files.path("\(name)_1.VOB"), "A file is missing among the set's titles.")
            } else if numbers.isEmpty {
                note(files.path("\(name)_1.VOB"), "It is missing.")
            }
        }
        let copy = files.file(stem + ".BUP")
        if let copy {
            order.append(copy)
            copies.append((information, copy))
            if layout.sizes[copy] != layout.sizes[information] {
                note(files.path(stem + ".BUP"), "It is no copy of \(stem).IFO: their sizes differ.")
            }
        } else {
            note(files.path(stem + ".BUP"), "It is missing.", isFatal: false)
        }
        guard let said = read(information, files, stem, mark) else {
            if let copy { places[copy] = .apart(node: information, unit: Self.block) }
            return nil
        }
        if let menu = files.file(stem + ".VOB") {
            if said.menu > 0 {
                places[menu] = .behind(node: information, sectors: said.menu)
            } else {
                note(files.path(stem + ".VOB"), "\(stem).IFO does not know it.")
            }
        } else if said.menu > 0 {
            note(files.path(stem + ".VOB"), "It is missing, though \(stem).IFO leads to it.")
        }
        if let first = titles.first, said.titles > 0 {
            places[first] = .behind(node: information, sectors: said.titles)
        }
        if let copy { places[copy] = .behind(node: information, sectors: said.copy) }
        return said
    }

    /// Reads the tables at the beginning of an information file.
    private mutating func read(
        _ node: Int,
        _ files: VideoFiles,
        _ stem: String,
        _ mark: String
    ) -> Information? {
        let path = files.path(stem + ".IFO")
        guard let bytes = files.bytes(node, at: 0, count: 256),
            bytes.starts(with: Array(mark.utf8))
        else {
            note(path, "It is no information file of DVD-Video.")
            return nil
        }
        func number(_ offset: Int) -> Int {
            bytes[offset..<offset + 4].reduce(0) { $0 << 8 | Int($1) }
        }
        let (lastOfSet, last) = (number(0x0C), number(0x1C))
        var said = Information(
            sectors: last + 1,
            copy: lastOfSet - last,
            menu: number(0xC0),
            titles: stem == "VIDEO_TS" ? 0 : number(0xC4)
        )
        // A wrong number must not make a disc of terabytes.
        let all = files.nodes.reduce(0) { $0 + layout.sizes[$1.node] / 2048 + 1 }
        let most = all + files.nodes.count * 1024
        guard said.sectors == layout.sizes[node] / 2048, said.copy >= said.sectors,
            [said.copy, said.menu, said.titles].allSatisfy({ $0 <= most })
        else {
            note(path, "The sizes that it gives of its set do not fit the files.")
            return nil
        }
        if stem == "VIDEO_TS" { said.sets = sets(node, files, table: number(0xC4), most) }
        return said
    }

    /// The beginnings of the title sets, from the table of titles.
    private func sets(_ node: Int, _ files: VideoFiles, table: Int, _ most: Int) -> [Int: Int] {
        guard table > 0, table < layout.sizes[node] / 2048,
            let head = files.bytes(node, at: table * 2048, count: 8)
        else { return [:] }
        let count = min(Int(head[0]) << 8 | Int(head[1]), 99)
        guard let bytes = files.bytes(node, at: table * 2048 + 8, count: count * 12) else {
            return [:]
        }
        var sets: [Int: Int] = [:]
        for entry in stride(from: 0, to: bytes.count, by: 12) {
            let start = bytes[entry + 8..<entry + 12].reduce(0) { $0 << 8 | Int($1) }
            if start > 0, start <= most { sets[Int(bytes[entry + 6])] = start }
        }
        return sets
    }
}
