import ArgumentParser
import LinuxCalls
import SpindleJobs
import SystemPackage

/// `spindle config`.
struct ConfigCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "config",
        abstract: "Show the settings, and where each comes from.",
        discussion: """
            Settings are lines of $XDG_CONFIG_HOME/spindle/config, or ~/.config/spindle/config: \
            “progress = plain”, and in sections such as “[HL-DT-ST BD-RE WH16NS60]” what holds for \
            drives of one model. Options of the command line win over them.

            Examples:
              spindle config show
            """,
        subcommands: [ConfigShowCommand.self]
    )
}

/// `spindle config show`.
struct ConfigShowCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Show each setting, its value and where that comes from.",
        usage: "spindle config show [<options>]",
        discussion: """
            Examples:
              spindle config show
              spindle config show --progress none --json
            """
    )

    @OptionGroup var drive: DriveOption
    @OptionGroup var output: LongAnswerOptions

    /// Where a value comes from.
    enum Origin: String, Encodable {
        case flag, environment, file, `default`
    }

    /// A setting, as the JSON has it.
    struct Entry: Encodable {
        var name: String
        var value: String?
        var origin: Origin
        /// The option, the variable, or the file and line.
        var place: String?
        var line: Int?

        init(_ name: SettingKey, _ value: String?, _ origin: Origin, _ place: String? = nil) {
            self.name = name.rawValue
            self.value = value
            self.origin = origin
            self.place = place
        }

        init(_ setting: Setting) {
            self.init(setting.key, setting.value, .file, setting.file.string)
            line = setting.line
        }
    }

    /// What is set for drives of a model.
    struct Model: Encodable {
        var model: String
        var settings: [Entry]
    }

    /// What is told.
    struct Document: Encodable {
        var version = 1
        var file: String?
        var exists: Bool
        var settings: [Entry]
        var models: [Model]
    }

    func run() throws {
        let output = Output(output)
        let settings = Settings.current
        let document = Document(
            file: settings.file?.string,
            exists: settings.exists,
            settings: SettingKey.allCases.filter(\.isGeneral).map { entry($0, settings) },
            models: settings.models.map { model in
                Model(model: model.name, settings: model.settings.map(Entry.init))
            }
        )
        try JobCommand.answer(output) { () throws(Failure) in
            try output.answer(document) { Self.lines(document) }
        }
    }

    /// Where the value of a setting comes from: the first that has one.
    private func entry(_ key: SettingKey, _ settings: Settings) -> Entry {
        if key == .progress, let style = output.work.progress {
            return Entry(key, style.rawValue, .flag, "--progress")
        }
        if key == .drive {
            if let drive = drive.drive { return Entry(key, drive, .flag, "--drive") }
            if let drive = DriveOption.ofEnvironment {
                return Entry(key, drive, .environment, DriveOption.variable)
            }
        }
        if let setting = settings.setting(key) { return Entry(setting) }
        let isWord = key == .progress || key == .verify
        return Entry(key, isWord ? key.usual : nil, .default)
    }

    private static func lines(_ document: Document) -> [String] {
        var lines: [String] = []
        if let file = document.file {
            lines.append("\(file)\(document.exists ? "" : " (no such file)")")
        }
        lines += document.settings.map { line($0) }
        for model in document.models {
            lines.append("[\(model.model)]")
            lines += model.settings.map { line($0) }
        }
        return lines
    }

    private static func line(_ entry: Entry) -> String {
        let value = entry.value ?? SettingKey(rawValue: entry.name)?.usual ?? ""
        let place =
            switch entry.origin {
            case .default: "default"
            case .flag, .environment: entry.place ?? ""
            case .file: "\(entry.place ?? ""):\(entry.line ?? 0)"
            }
        return "  \(padded(entry.name, 20))\(padded(value, 38))\(place)"
    }

    /// A word with blanks after it, at least two, up to a column.
    private static func padded(_ word: String, _ width: Int) -> String {
        word + String(repeating: " ", count: max(2, width - word.count))
    }
}
