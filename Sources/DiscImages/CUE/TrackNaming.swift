/// How the files of tracks are called, where they are for people and players.
public struct TrackNaming: Hashable, Sendable {
    /// What stands for a track's names: `%n` its number, `%t` its title, `%p` its performer, `%a` the
    /// album's title, `%b` the album's performer, `%%` a percent sign.
    public let template: String

    /// The number and the title.
    public static let usual = TrackNaming("%n - %t")

    private init(_ template: String) {
        self.template = template
    }

    /// Takes a template; `nil` if it has a letter that stands for nothing, does not name each track
    /// differently, or names another folder.
    public init?(template: String) {
        var isMark = false
        var hasNumber = false
        for character in template {
            if isMark {
                guard "ntpab%".contains(character) else { return nil }
                if character == "n" { hasNumber = true }
            }
            isMark = character == "%" && !isMark
        }
        guard !isMark, !template.contains("/"), hasNumber else { return nil }
        self.template = template
    }

    /// What is known of a track.
    package struct Facts {
        /// The track's number.
        package var number: Int
        /// Its title.
        package var title: String?
        /// Its performer.
        package var performer: String?
        /// The album's title.
        package var album: String?
        /// The album's performer.
        package var albumPerformer: String?

        /// Creates facts.
        package init(
            number: Int,
            title: String? = nil,
            performer: String? = nil,
            album: String? = nil,
            albumPerformer: String? = nil
        ) {
            self.number = number
            self.title = title
            self.performer = performer
            self.album = album
            self.albumPerformer = albumPerformer
        }
    }

    /// The bytes that a name has at most, without its extension.
    private static let longest = 200

    /// The name of a track's file without its extension.
    ///
    /// Titles come from discs: nothing in them leads out of the folder, hides the file, or is a sign that
    /// other systems don't have in names.
    package func name(_ track: Facts) -> String {
        let number = (track.number < 10 ? "0" : "") + String(track.number)
        var pieces: [Piece] = []
        var isMark = false
        for character in template {
            guard isMark else {
                isMark = character == "%"
                if !isMark { pieces.append(Piece(String(character))) }
                continue
            }
            isMark = false
            switch character {
            case "n": pieces.append(Piece(number))
            case "t": pieces.append(Piece(track.title ?? "Track \(number)", isText: true))
            case "p":
                let performer = track.performer ?? track.albumPerformer
                pieces.append(Piece(performer ?? "Unknown", isText: true))
            case "a": pieces.append(Piece(track.album ?? "Unknown", isText: true))
            case "b": pieces.append(Piece(track.albumPerformer ?? "Unknown", isText: true))
            default: pieces.append(Piece(String(character)))
            }
        }
        Self.shorten(&pieces)
        return Self.safe(pieces.map(\.text).joined()) ?? number
    }

    /// A piece of a name.
    private struct Piece {
        var text: String
        /// Whether it is from the disc or from a database, and not the template's own or the number.
        let isText: Bool

        init(_ text: String, isText: Bool = false) {
            self.text = text
            self.isText = isText
        }
    }

    /// Shortens texts, the longest first, until the name is short enough: the number stays.
    private static func shorten(_ pieces: inout [Piece]) {
        var excess = pieces.reduce(-longest) { $0 + $1.text.utf8.count }
        while excess > 0 {
            let texts = pieces.indices.filter { pieces[$0].isText && !pieces[$0].text.isEmpty }
            func length(_ index: Int) -> Int { pieces[index].text.utf8.count }
            guard let index = texts.max(by: { length($0) < length($1) }) else { return }
            excess -= pieces[index].text.removeLast().utf8.count
        }
    }

    /// A name that is one in any folder; `nil` if nothing is left of it.
    package static func safe(_ text: String) -> String? {
        var name = ""
        for scalar in text.unicodeScalars {
            let isUsable =
                switch scalar.properties.generalCategory {
                case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate,
                    .unassigned,
                    .privateUse:
                    false
                default: !"/\\:*?\"<>|".unicodeScalars.contains(scalar)
                }
            name.unicodeScalars.append(isUsable ? scalar : "_")
        }
        while name.utf8.count > longest { name.removeLast() }
        while let first = name.first, first == " " || first == "." { name.removeFirst() }
        while let last = name.last, last == " " || last == "." { name.removeLast() }
        return name.isEmpty ? nil : name
    }
}
