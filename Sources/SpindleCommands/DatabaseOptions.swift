import ArgumentParser
import LinuxCalls
import SpindleJobs

/// Which databases of rips are asked, and where their answers are.
struct DatabaseOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "What AccurateRip has of the disc: its file dBAR-….bin, a folder of such, or a URL.",
            valueName: "place"
        ),
        completion: .file()
    )
    var accuraterip: String?

    @Option(
        help: ArgumentHelp(
            "What the CUETools Database has of the disc: a file, a folder of files ID.xml, with parity beside them, or a URL.",
            valueName: "place"
        ),
        completion: .file()
    )
    var ctdb: String?

    @Flag(
        help:
            "Ask AccurateRip, the CUETools Database and, for names, MusicBrainz over the network, and keep their answers."
    )
    var lookup = false

    func validate() throws {
        _ = try places
    }

    /// Whether any database is asked.
    var isAsked: Bool { accuraterip != nil || ctdb != nil || lookup }

    /// The places, and how servers are asked.
    var places: AudioDatabases.Places {
        get throws {
            var places = AudioDatabases.Places()
            places.accurateRip = try Self.place(accuraterip, "--accuraterip")
            places.ctdb = try Self.place(ctdb, "--ctdb")
            places.asksServers = lookup
            places.fetching = LookUpSettings.fetching
            return places
        }
    }

    /// Takes a path or an address.
    static func place(_ text: String?, _ option: String) throws -> AnswerPlace? {
        guard let text else { return nil }
        guard let place = AnswerPlace(text) else {
            throw ValidationError(
                "\(option) takes a file, a folder, or a URL such as http://server/path; “\(text)” is no such URL."
            )
        }
        return place
    }
}
