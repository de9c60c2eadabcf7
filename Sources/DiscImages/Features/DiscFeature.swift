/// Something that a disc can have and that not every format holds.
///
/// What a disc has (``DiscInventory``) without what a format holds (``ImageFormat/holds``) is what a
/// conversion loses. What follows from the rest, such as sync, EDC and plain P and Q, is none of
/// these.
public enum DiscFeature: String, CaseIterable, Codable, Sendable {
    /// Audio tracks.
    case audio
    /// Data tracks of mode 1; the sectors of DVD and BD.
    case mode1 = "mode-1"
    /// Data tracks of mode 2 without a form.
    case formlessMode2 = "mode-2"
    /// Sectors of XA form 1.
    case form1 = "form-1"
    /// Sectors of XA form 2.
    case form2 = "form-2"
    /// Subheaders of XA that say more than that there are data.
    case subheaders
    /// More than one track.
    case tracks
    /// Numbers of tracks that don't begin with 1 and go up by one.
    case trackNumbers = "track-numbers"
    /// More than one session.
    case sessions
    /// A session that says that it is CD-ROM XA.
    case sessionKinds = "session-kinds"
    /// A session that says that it is CD-I.
    case interactiveSessions = "cd-i-sessions"
    /// Pregaps beside those that every session has.
    case pregaps
    /// Something else than silence or zeros in a pregap.
    case pregapContent = "pregap-content"
    /// Something else than silence or zeros in the pause before the first track.
    case pauseContent = "pause-content"
    /// Indexes from 2 on.
    case indexes
    /// Where tracks begin, to the sector: tracks that a recorder writes one at a time have links between
    /// them, and formats that give no addresses put sessions as far apart as a CD does.
    case positions
    /// A media catalogue number.
    case catalog
    /// International standard recording codes.
    case isrc
    /// Tracks with pre-emphasis.
    case preEmphasis = "pre-emphasis"
    /// Tracks that may be copied.
    case copyPermission = "copy-permission"
    /// Tracks with four channels.
    case fourChannels = "four-channels"
    /// CD-TEXT: titles, performers and the like in one language.
    case cdText = "cd-text"
    /// CD-TEXT in several languages, or in characters of two bytes.
    case cdTextLanguages = "cd-text-languages"
    /// Packs of CD-TEXT that are not what its texts make.
    case cdTextPacks = "cd-text-packs"
    /// Texts of a sheet that are not in CD-TEXT, most often because it can't spell them.
    case sheetTexts = "sheet-texts"
    /// Remarks of a sheet, such as a date.
    case remarks
    /// Subchannel that is not what sessions and tracks make it.
    case subchannel
    /// Sectors whose sync, header, EDC or ECC are not what their data make them.
    case irregularSectors = "irregular-sectors"

    /// Whether someone has to agree to an image without it.
    ///
    /// Not to one without the kind of a session: it says what the sectors say, or did before they became
    /// plain data. Nor to one without remarks, which are about the disc and not on it. Nor, if there is no audio, to
    /// one without the catalogue number: that is the number of what was sold, and whoever reads the data asks for none.
    ///
    /// - Parameter hasAudio: Whether the disc has tracks of audio.
    /// - Returns: Whether someone has to agree.
    public func needsConsent(hasAudio: Bool) -> Bool {
        switch self {
        case .sessionKinds, .remarks: false
        case .catalog: hasAudio
        default: true
        }
    }

    /// What is lost, in words.
    public var displayName: String {
        switch self {
        case .audio: "audio"
        case .mode1: "data of mode 1"
        case .formlessMode2: "data of mode 2 without a form"
        case .form1: "data of mode 2 form 1"
        case .form2: "data of mode 2 form 2"
        case .subheaders: "subheaders of CD-ROM XA"
        case .tracks: "the division into tracks"
        case .trackNumbers: "the numbers of tracks"
        case .sessions: "the division into sessions"
        case .sessionKinds: "the kind of a session"
        case .interactiveSessions: "that a session is CD-I"
        case .pregaps: "pregaps"
        case .pregapContent: "what is in pregaps"
        case .pauseContent: "what is in the pause before a session"
        case .indexes: "indexes from 2 on"
        case .positions: "where tracks begin, to the sector"
        case .catalog: "the media catalogue number"
        case .isrc: "recording codes (ISRC)"
        case .preEmphasis: "the pre-emphasis flag"
        case .copyPermission: "the copy flag"
        case .fourChannels: "the flag for four channels"
        case .cdText: "CD-TEXT"
        case .cdTextLanguages: "CD-TEXT in other languages or in characters of two bytes"
        case .cdTextPacks: "packs of CD-TEXT that its texts don't make"
        case .sheetTexts: "titles and other texts that CD-TEXT does not hold"
        case .remarks: "remarks (REM)"
        case .subchannel: "subchannel of its own"
        case .irregularSectors: "sectors with errors of their own"
        }
    }
}

extension DiscFeature {
    /// Those that only the sectors tell.
    public static let ofSectors: Set<DiscFeature> = [
        .mode1, .formlessMode2, .form1, .form2, .subheaders, .pregapContent, .pauseContent,
        .subchannel, .irregularSectors,
    ]
}

extension Set<DiscFeature> {
    /// What an image of a single data track of 2048-byte sectors holds.
    public static let userDataOnly: Set<DiscFeature> = [.mode1, .form1]
}
