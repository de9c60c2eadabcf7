/// A step of LZFSE: so many literals, and a copy of what lies so far before.
struct LZFSETriple {
    /// The most that a triple holds.
    static let most = (run: 315, match: 2359)

    var run: Int
    var match: Int
    var distance: Int
}
