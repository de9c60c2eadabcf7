import DiscImages
public import DriveNode
import DriveTrace
import LinuxCalls
public import Reports
import SystemPackage
import VirtualDrive

extension DriveHand {
    /// A hand at a recorder in software.
    static let atRecorder = DriveHand { transport, deed in
        let drive = (transport as? TracingTransport)?.base ?? transport
        guard let recorder = drive as? VirtualRecorder else {
            return "The drive has no tray: it answers from a trace."
        }
        let locked = "A program has locked the drive's door."
        switch deed {
        case .eject:
            guard recorder.pressEject() else { return locked }
            recorder.removeDisc()
        case .insert(nil):
            recorder.pushTray()
        case .insert(let path?):
            guard recorder.pressEject() else { return locked }
            // The disc that was in it may be the one that comes.
            recorder.removeDisc()
            do throws(VirtualDiscError) {
                recorder.insert(try VirtualDisc(opening: path, for: .drive))
            } catch {
                return error.description
            }
        }
        return nil
    }
}

extension VirtualDrives {
    /// Does something at a drive of the run that this process belongs to, as a hand does.
    ///
    /// - Parameters:
    ///   - deed: What is to be done.
    ///   - drive: The drive's number, from 1, or its node.
    /// - Throws: ``Reports/Failure`` where there is no run or no such drive, or the drive does not
    ///   let it be done.
    public static func act(_ deed: HandDeed, at drive: String) throws(Failure) {
        let entries = (Environment.value("SPINDLE_DRIVE_NODES") ?? "").split(separator: ":")
        let nodes = entries.compactMap { entry -> (path: String, socket: String)? in
            let parts = entry.split(separator: "=", maxSplits: 1)
            return parts.count == 2 ? (String(parts[0]), String(parts[1])) : nil
        }
        guard !nodes.isEmpty else {
            throw Failure(
                .usage,
                "There is no virtual drive here.",
                meaning: "Nothing was done.",
                advice: "Use it within the command of “spindle virtual run”."
            )
        }
        let byNumber = Int(drive).flatMap { nodes.indices.contains($0 - 1) ? nodes[$0 - 1] : nil }
        guard let node = byNumber ?? nodes.first(where: { $0.path == drive }) else {
            throw Failure(
                .usage,
                "There is no virtual drive “\(drive)”.",
                meaning: "Nothing was done.",
                advice: "There are these: \(nodes.map(\.path).joined(separator: ", "))."
            )
        }
        var deed = deed
        if case .insert(let path?) = deed { deed = .insert(FileSystem.resolve(path) ?? path) }
        let problem: String?
        do throws(SystemError) {
            problem = try DriveHand.ask(deed, at: node.socket)
        } catch {
            throw Failure(
                .trouble,
                "The drive \(node.path) can't be reached: \(error.reason).",
                meaning: "Nothing was done.",
                advice: ""
            )
        }
        guard let problem else { return }
        throw Failure(
            .unsuitable,
            problem,
            meaning: "The drive \(node.path) did not do it.",
            advice: ""
        )
    }
}
