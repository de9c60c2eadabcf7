import LinuxCalls
import Reports
import SystemPackage

/// The library that programs load, which shows drives in software to them, or tells what they send
/// to others.
enum Interposer {
    /// Where it is: where `SPINDLE_INTERPOSER` says, beside this program, or in `../lib/spindle` from
    /// there.
    static func find() throws(Failure) -> FilePath {
        let name = "libCDriveInterposer.so"
        var candidates: [FilePath] = []
        if let named = Environment.value("SPINDLE_INTERPOSER") {
            candidates = [FilePath(text: named)]
        } else if let program = FileSystem.linkTarget("/proc/self/exe") {
            let directory = program.removingLastComponent()
            candidates = [
                directory.appending(name),
                directory.removingLastComponent().appending("lib/spindle/\(name)"),
            ]
        }
        if let found = candidates.first(where: { FileSystem.exists($0) }) { return found }
        throw Failure(
            .trouble,
            "The library \(name), which shows the drive to programs, was not found.",
            meaning: "The command was not run.",
            advice: "Install Spindle whole with Scripts/install, or set SPINDLE_INTERPOSER."
        )
    }

    /// This process's environment, and what has a program load the library.
    static func environment(
        loading library: FilePath,
        adding added: [(String, String)],
        without removed: Set<String> = []
    ) -> [String] {
        let preloaded = [library.text, Environment.value("LD_PRELOAD")].compactMap { $0 }
        let all = added + [("LD_PRELOAD", preloaded.joined(separator: ":"))]
        let names = removed.union(all.map(\.0))
        let kept = Environment.all.filter { entry in
            entry.split(separator: "=", maxSplits: 1).first.map { !names.contains(String($0)) }
                ?? false
        }
        return kept + all.map { "\($0)=\($1)" }
    }
}
