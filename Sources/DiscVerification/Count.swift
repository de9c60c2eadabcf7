/// Counts in words.
enum Count {
    static func sectors(_ count: Int) -> String { count == 1 ? "1 sector" : "\(count) sectors" }
    static func bytes(_ count: Int) -> String { count == 1 ? "1 byte" : "\(count) bytes" }
}

extension String {
    /// As a sentence begins; a path that stands there stays as it is.
    var capitalizedFirst: String {
        hasPrefix("the disc in ") ? prefix(1).uppercased() + dropFirst() : self
    }
}
