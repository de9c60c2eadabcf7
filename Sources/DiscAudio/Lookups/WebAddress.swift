/// An address on the web, of a server or of something that it has.
public struct WebAddress: Hashable, Sendable, CustomStringConvertible {
    /// The address as text, in ASCII.
    public let description: String
    /// The scheme, two slashes, and the server with its port.
    private let origin: Substring

    /// No address is as long: one with the starts of 99 tracks has some 900 characters.
    private static let longest = 4096

    /// Where AccurateRip has its answers.
    public static let accurateRip = WebAddress(
        description: "http://www.accuraterip.com/accuraterip/",
        origin: "http://www.accuraterip.com"
    )
    /// The server of the CUETools Database.
    public static let ctdb = WebAddress(
        description: "http://db.cuetools.net/",
        origin: "http://db.cuetools.net"
    )
    /// The server of MusicBrainz.
    public static let musicBrainz = WebAddress(
        description: "https://musicbrainz.org/",
        origin: "https://musicbrainz.org"
    )

    private init(description: String, origin: Substring) {
        self.description = description
        self.origin = origin
    }

    /// Takes an address; `nil` if it is none of `http` or `https`, names no server, or a user.
    public init?(_ text: String) {
        let scheme = ["http://", "https://"].first { text.lowercased().hasPrefix($0) }
        guard let scheme, text.utf8.count <= Self.longest,
            text.utf8.allSatisfy({ 0x21...0x7E ~= $0 && !"\"<>\\^`{|}".utf8.contains($0) })
        else { return nil }
        let server = text.dropFirst(scheme.count).prefix { !"/?#".contains($0) }
        guard !server.isEmpty, server.utf8.allSatisfy(Self.isOfServer) else { return nil }
        description = text
        origin = text[..<server.endIndex]
    }

    private static func isOfServer(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        default: ".-_:[]".utf8.contains(byte)
        }
    }

    /// Whether a text was meant as an address, right or wrong, and not as a path.
    public static func isMeant(by text: String) -> Bool {
        let text = text.lowercased()
        return text.hasPrefix("http:") || text.hasPrefix("https:")
    }

    /// The server with its port, as addresses have it.
    var server: String { String(origin.drop { $0 != "/" }.dropFirst(2)).lowercased() }

    /// Whether it is the root of a server, or a folder there, to which a path is added.
    public var isRoot: Bool { description.hasSuffix("/") }

    /// Adds a path to a root.
    ///
    /// - Parameter path: The path, or the query, of what is in it.
    /// - Returns: The address of that; itself if it is no root.
    package func adding(_ path: String) -> WebAddress {
        isRoot ? WebAddress("\(description)\(path)") ?? self : self
    }

    /// The address that a reference means in what came from this one.
    ///
    /// - Returns: `nil` if it is none of `http` or `https`.
    package func resolving(_ reference: String) -> WebAddress? {
        if let whole = WebAddress(reference) { return whole }
        if reference.hasPrefix("//") {
            return WebAddress("\(origin.prefix { $0 != "/" })\(reference)")
        }
        if reference.hasPrefix("/") { return WebAddress("\(origin)\(reference)") }
        // With a colon before its first slash it would be of another scheme.
        guard !reference.isEmpty, !reference.prefix(while: { $0 != "/" }).contains(":") else {
            return nil
        }
        let path = description.prefix { !"?#".contains($0) }.dropFirst(origin.count)
        let folder = path.lastIndex(of: "/").map { path[...$0] } ?? "/"
        return WebAddress("\(origin)\(folder)\(reference)")
    }
}
