/// The blank discs that there are, with what the tests know of them from elsewhere.
enum Medium: String, CaseIterable, Sendable {
    case cdR = "cd-r"
    case cdRW = "cd-rw"
    case dvdPlusR = "dvd+r"
    case dvdPlusRW = "dvd+rw"

    /// Whether it is a CD.
    var isCD: Bool { self == .cdR || self == .cdRW }

    /// The sectors of a DVD+R and a DVD+RW of 4.7 GB (ECMA-349 and ECMA-337: 8C400h ECC blocks of 16).
    static let dvdSectors = 2_295_104
}

/// A disc and how it is written.
struct Recording: Sendable, CustomStringConvertible {
    var medium: Medium
    /// The argument of `--mode`; the command's own choice where absent.
    var mode: String?

    /// Every way in which each kind of disc can be written.
    static let all = [
        Recording(medium: .cdR), Recording(medium: .cdR, mode: "tao"),
        Recording(medium: .cdRW, mode: "sao"), Recording(medium: .cdRW, mode: "tao"),
        Recording(medium: .dvdPlusR), Recording(medium: .dvdPlusRW),
    ]

    /// The options of `burn`.
    var options: String { mode.map { "--mode \($0)" } ?? "" }

    /// Whether the track is followed by run-out.
    var isTrackAtOnce: Bool { mode == "tao" }

    var description: String { [medium.rawValue, mode].compactMap { $0 }.joined(separator: " ") }
}
