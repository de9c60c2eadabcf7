import LinuxCalls
package import SpindleJobs
package import SystemPackage

/// What the user has set in the configuration file, `$XDG_CONFIG_HOME/spindle/config`.
///
/// Docs/Configuration.md says how the file is written. Options of the command line win over it.
package struct Settings: Sendable {
    /// Settings that hold for the drives of one model.
    package struct Model: Sendable {
        /// The model, as the section's head has it.
        package let name: String
        /// What is set for it.
        package var settings: [Setting] = []

        /// Whether a drive is of this model: maker and model, and the firmware if it is named.
        func covers(_ drive: Inquiry) -> Bool {
            let words = Self.words(name)
            let model = Self.words("\(drive.vendor) \(drive.product)")
            return words == model || words == model + Self.words(drive.revision)
        }

        /// The words of a name; how many blanks drives put between them does not matter.
        static func words(_ name: String) -> [String] {
            name.uppercased().split(whereSeparator: \.isWhitespace).map(String.init)
        }
    }

    /// The longest file that is read, in bytes.
    private static let longestFile = 1 << 16

    /// The file; `nil` if this user has no place for one.
    package let file: FilePath?
    /// Whether there is such a file.
    package private(set) var exists = false
    /// What is set for all drives.
    package var general: [Setting] = []
    /// What is set for drives of certain models.
    package var models: [Model] = []

    /// Settings of nobody.
    package init(file: FilePath? = nil) {
        self.file = file
    }

    /// The user's settings, or what is wrong with them.
    static let loaded: Result<Settings, Failure> = {
        do throws(Failure) {
            return .success(try Settings(reading: place))
        } catch {
            return .failure(error)
        }
    }()

    /// The user's settings; none if they are broken, which ends the command before it begins.
    static var current: Settings { (try? loaded.get()) ?? Settings() }

    /// Where the file is, by the XDG Base Directory Specification.
    private static var place: FilePath? {
        let folders = [
            Environment.value("XDG_CONFIG_HOME"),
            Environment.value("HOME").map { "\($0)/.config" },
        ]
        // The specification has paths that are not absolute ignored.
        guard let folder = folders.lazy.compactMap(\.self).first(where: { $0.hasPrefix("/") })
        else { return nil }
        return FilePath(text: folder).appending("spindle").appending("config")
    }

    /// Reads a file; there are no settings if it does not exist.
    ///
    /// - Throws: ``Reports/Failure`` if it can't be read, or if a line is wrong.
    package init(reading file: FilePath?) throws(Failure) {
        self.init(file: file)
        guard let file, FileSystem.exists(file) else { return }
        exists = true
        let bytes = try Self.bytes(of: file)
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw Self.unusable(file, "it is not text in UTF-8")
        }
        try read(text, of: file)
    }

    /// The bytes of a file, which has to be one and not too long.
    private static func bytes(of path: FilePath) throws(Failure) -> [UInt8] {
        do throws(SystemError) {
            let file = try File(path, .read, nonBlocking: true)
            let (kind, size) = try file.status()
            var bytes = [UInt8](repeating: 0, count: min(size, longestFile + 1))
            var span = bytes.mutableSpan
            let count = kind == .regular ? try file.read(at: 0, into: &span) : 0
            bytes.removeLast(bytes.count - count)
            if kind == .regular, count <= longestFile { return bytes }
        } catch {
            throw unusable(path, error.reason)
        }
        throw unusable(path, "it is not a regular file of at most \(longestFile) bytes")
    }

    private static func unusable(_ file: FilePath, _ reason: String) -> Failure {
        Failure(
            .usage,
            "The configuration \(file) can't be used: \(reason).",
            meaning: "Nothing was done.",
            advice: "Correct the file, or move it away."
        )
    }

    // MARK: What is set

    /// What is set for all drives.
    func setting(_ key: SettingKey) -> Setting? {
        general.first { $0.key == key }
    }

    /// What is set for a drive, by its model if there is a section for that.
    func setting(_ key: SettingKey, for drive: Inquiry?) -> Setting? {
        guard let drive else { return setting(key) }
        // A section that names the firmware, too, says more.
        let sections = models.filter { $0.covers(drive) }
            .sorted { Model.words($0.name).count > Model.words($1.name).count }
        let found = sections.lazy.flatMap(\.settings).first { $0.key == key }
        return found ?? setting(key)
    }

    /// Whether a disc is read back: as the command line has it, else as it is set.
    ///
    /// - Parameter flag: What the command line has; `nil` if nothing.
    /// - Returns: Whether it is, and the setting that says so.
    static func verifying(_ flag: Bool?) -> (Bool, Setting?) {
        if let flag { return (flag, nil) }
        let setting = current.setting(.verify)
        return (setting?.isYes ?? true, setting)
    }

    /// The format of an output whose file extension names none.
    func format(of output: FilePath) -> Setting? {
        let ending = output.extension?.lowercased() ?? ""
        let isKnown = ImageFormat.all.contains {
            $0.endings.contains(ending) || $0.endingsBeside.contains(ending)
        }
        return isKnown ? nil : setting(.format)
    }

    /// By how many samples a drive reads audio too late, as set for its model; `nil` if it is not known.
    ///
    /// The number is that of AccurateRip's list of drives: samples of four bytes, negative if too early.
    func readOffset(of drive: Inquiry) -> Setting? {
        setting(.offset, for: drive)
    }

    /// What is set for the drive at a device node, which is asked who it is only if that matters.
    ///
    /// - Throws: ``Reports/Failure`` if the drive can't be asked.
    func setting(_ key: SettingKey, at node: FilePath) throws(Failure) -> Setting? {
        guard models.contains(where: { $0.settings.contains { $0.key == key } }) else {
            return setting(key)
        }
        return setting(key, for: try Drive.unclaimed(node).identity)
    }
}
