import LinuxCalls
import SystemPackage

/// What uses a mounted file system, so that it can't be taken away.
enum MountHolder: Hashable {
    /// A process that works in it, or has a file of it open or in its memory.
    case process(Int, name: String)
    /// A file system that is mounted within it.
    case mount(String)
    /// A loop device over a file of it.
    case loop(String)

    /// Those that there are, as far as this user may look.
    static func all(of directory: FilePath) -> [MountHolder] {
        let root = directory.text
        func isInside(_ path: String) -> Bool { path == root || path.hasPrefix(root + "/") }
        var found: [MountHolder] = []
        for process in Processes.all where process != Processes.ownNumber {
            if uses(process, isInside) {
                found.append(.process(process, name: Processes.name(of: process)))
            }
        }
        found += Mounts.all().map(\.directory.text).filter { $0 != root && isInside($0) }
            .map { .mount($0) }
        for name in (try? FileSystem.names(in: "/sys/block")) ?? [] where name.hasPrefix("loop") {
            if let file = SystemText.read(FilePath("/sys/block/\(name)/loop/backing_file")),
                isInside(file)
            {
                found.append(.loop("/dev/\(name)"))
            }
        }
        return found
    }

    private static func uses(_ process: Int, _ isInside: (String) -> Bool) -> Bool {
        let place = FilePath("/proc/\(process)")
        for name in ["cwd", "root", "exe"] {
            if let target = FileSystem.linkTarget(place.appending(name)), isInside(target.text) {
                return true
            }
        }
        // Open files, and files in memory, which have their addresses for names.
        for folder in ["fd", "map_files"] {
            let folder = place.appending(folder)
            for name in (try? FileSystem.names(in: folder)) ?? [] {
                if let target = FileSystem.linkTarget(folder.appending(name)),
                    isInside(target.text)
                {
                    return true
                }
            }
        }
        return false
    }

    /// The names of some in a row.
    static func sentence(_ holders: [MountHolder]) -> String {
        var names = holders.prefix(8).map(\.description)
        if holders.count > 8 { names.append("\(holders.count - 8) more") }
        guard let last = names.popLast() else { return "nobody" }
        return names.isEmpty ? last : "\(names.joined(separator: ", ")) and \(last)"
    }
}

extension MountHolder: CustomStringConvertible {
    /// What a person finds it by.
    var description: String {
        switch self {
        case .process(let number, let name): "\(name) (process \(number))"
        case .mount(let directory): "what is mounted on \(directory)"
        case .loop(let device): "the loop device \(device)"
        }
    }
}
