import ArgumentParser
import LinuxCalls
import SpindleJobs
import SystemPackage

/// Where the answers of databases of rips are.
struct DatabaseOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Compare the audio with AccurateRip's answer: its file dBAR-….bin, or a folder of such.",
            valueName: "path"
        ),
        completion: .file()
    )
    var accuraterip: String?

    @Option(
        help: ArgumentHelp(
            "Compare the audio with the CUETools Database's answer: a file, or a folder of files ID.xml, with parity beside them.",
            valueName: "path"
        ),
        completion: .file()
    )
    var ctdb: String?

    /// The places.
    var places: AudioDatabases.Places {
        var places = AudioDatabases.Places()
        places.accurateRip = accuraterip.map { FilePath(text: $0) }
        places.ctdb = ctdb.map { FilePath(text: $0) }
        return places
    }
}
