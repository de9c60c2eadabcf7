import LinuxCalls
import SpindleJobs
import SystemPackage

/// How servers are asked, as it is set.
enum LookUpSettings {
    /// The settings that a look-up goes by.
    static var used: [Setting] {
        let keys: [SettingKey] = [
            .answers, .accurateRipServer, .ctdbServer, .musicBrainzServer, .lookUpTimeout,
        ]
        return keys.compactMap { Settings.current.setting($0) }
    }

    /// How servers are asked, and where their answers are kept.
    static var fetching: Fetching {
        let settings = Settings.current
        func address(_ key: SettingKey) -> WebAddress? {
            settings.setting(key).flatMap { WebAddress($0.value) }
        }
        var fetching = Fetching()
        fetching.agent = "Spindle/\(VersionDocument.number)"
        fetching.folder = settings.setting(.answers).map { FilePath(text: $0.value) } ?? usualFolder
        fetching.seconds = settings.setting(.lookUpTimeout)?.number ?? fetching.seconds
        fetching.accurateRip = address(.accurateRipServer) ?? fetching.accurateRip
        fetching.ctdb = address(.ctdbServer) ?? fetching.ctdb
        fetching.musicBrainz = address(.musicBrainzServer) ?? fetching.musicBrainz
        return fetching
    }

    /// Where answers are kept by the XDG Base Directory Specification; `nil` if this user has no such place.
    private static var usualFolder: FilePath? {
        let folders = [
            Environment.value("XDG_DATA_HOME"),
            Environment.value("HOME").map { "\($0)/.local/share" },
        ]
        // The specification has paths that are not absolute ignored.
        return folders.lazy.compactMap(\.self).first { $0.hasPrefix("/") }
            .map { FilePath(text: $0).appending("spindle").appending("answers") }
    }
}
