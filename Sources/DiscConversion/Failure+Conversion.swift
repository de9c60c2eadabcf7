import DiscImages
import LinuxCalls
package import Reports
import SystemPackage
import Transfer

extension ImageChoice {
    /// What it is a choice of, in words.
    var displayName: String {
        switch self {
        case .files: "one file or one for each track"
        case .audioFile: "the form of audio tracks' files"
        case .userDataOnly: "keeping user data only"
        case .subchannel: "leaving out subchannel"
        case .packing: "how it is packed"
        }
    }
}

extension Failure {
    /// The user stopped the job of a verb.
    package static func stopped(_ verb: String) -> Failure {
        Failure(
            .interruption,
            "The \(verb == "convert" ? "conversion" : verb) was stopped.",
            meaning: "No partial output was kept; the source is unchanged.",
            advice: "Start again from the beginning."
        )
    }

    /// An image can't be planned.
    init(planning error: any Error, _ source: FilePath, _ output: FilePath) {
        if let error = error as? SystemError, let path = error.path.map({ FilePath($0) }) {
            if error.isFileExists {
                self = ConversionJob.isThere(path)
                return
            }
            if error.isBusy {
                self.init(isInUse: path, meaning: "Nothing was written or replaced.")
                return
            }
        }
        if let error = error as? UnspellableName {
            self.init(
                .usage,
                "\(error)",
                meaning: "Nothing was written.",
                advice: "Choose another name than “\(output)”."
            )
            return
        }
        self.init(
            .source,
            "\(source) can't become \(output): \(Self.sentence(error))",
            meaning: "Nothing was written.",
            advice: "Choose another format."
        )
    }

    /// A conversion failed on its way.
    init(converting error: any Error, _ output: FilePath, _ verb: String) {
        let kept = "No partial output was kept; the source is unchanged."
        switch error {
        case let failure as Failure:
            self = failure
        case let error as NamelessFileError:
            self.init(
                .trouble,
                Reason(ofOutput: error),
                "What was read can't be kept in \(error).",
                meaning: kept,
                advice: error.advice()
            )
        case let error as SystemError where error.isFileExists:
            self.init(
                .trouble,
                .outputExists,
                "\(error.path ?? output.string) is there now, and was not before.",
                meaning: kept,
                advice: "Choose another name, or replace it with --force."
            )
        case let error as SystemError where error.isBusy:
            self.init(isInUse: error.path.map { FilePath($0) } ?? output, meaning: kept)
        case let error as SystemError where error.isNoSpace:
            self.init(
                .trouble,
                .noSpace,
                "There is no room left for \(error.path.map { Self.named($0) } ?? output.string).",
                meaning: kept,
                advice: "Make room, or choose another place."
            )
        case let error as SystemError:
            self.init(
                .trouble,
                Reason(ofOutput: error),
                "\(error.path.map { Self.named($0) } ?? output.string) can't be read or written: \(error.reason).",
                meaning: kept,
                advice: "Fix that, and try again."
            )
        default:
            self.init(
                .trouble,
                "\(verb == "convert" ? "Converting" : "The \(verb)") failed: \(Self.sentence(error))",
                meaning: kept,
                advice: "If the source is damaged, get it again from where it came."
            )
        }
    }

    /// Another process has a file.
    init(isInUse path: FilePath, meaning: String) {
        self.init(
            .unsuitable,
            .outputExists,
            "\(Self.named(path.string)) is in use: another program is writing it, or a drive holds it.",
            meaning: meaning,
            advice: "Choose another name, or wait until it is free."
        )
    }

    /// A file as the user knows it, not as it is called while it is unfinished.
    private static func named(_ path: String) -> String {
        UnfinishedFiles.target(of: FilePath(path))?.string ?? path
    }

    private static func sentence(_ error: any Error) -> String {
        let text = "\(error)"
        return text.hasSuffix(".") ? text : text + "."
    }
}
