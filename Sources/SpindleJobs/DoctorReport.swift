import DiscDrives
import DriveTrace
import LinuxCalls
import MMC
public import Reports
public import SystemPackage

/// What a drive answers to harmless questions, in a file that its owner can send to others.
///
/// It is a trace as `virtual trace` writes it, of everything that an inspection asks. Numbers that tell
/// one drive or disc from all others are left out, and nothing that is on the disc is read.
public enum DoctorReport {
    /// Asks drives, and writes what they answer.
    ///
    /// - Parameters:
    ///   - path: The file, which must not exist.
    ///   - nodes: The drives.
    /// - Returns: The number of commands that are in it.
    /// - Throws: ``Reports/Failure`` if a drive can't be asked, or the file can't be written.
    public static func write(_ path: FilePath, on nodes: [FilePath]) throws(Failure) -> Int {
        let writer: TraceWriter
        do throws(SystemError) {
            writer = try TraceWriter(path, origin: "doctor", contents: TraceContents())
        } catch {
            throw Failure(recording: path, error)
        }
        for node in nodes { try ask(node, writer) }
        if let error = writer.finish() { throw Failure(recording: path, error) }
        return writer.count
    }

    private static func ask(_ node: FilePath, _ writer: TraceWriter) throws(Failure) {
        // Fails if another program works with it.
        _ = try Drive.unclaimed(node)
        let file: File
        do throws(SystemError) {
            file = try File(node, .read, nonBlocking: true)
        } catch {
            throw Failure(opening: node, error)
        }
        let transport = TracingTransport(SGTransport(file), drive: node.string, writer: writer)
        let drive = try Drive(node, over: transport)
        _ = try drive.inspectDisc()
        // What no inspection needs, and who looks into a drive's ways wants to know.
        for command in [Command.modeSense(page: 0x01), .modeSense(page: 0x2A)] {
            _ = try? drive.commands.fetch(command)
        }
    }
}
